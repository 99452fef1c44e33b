import type { Contender, ServerOptions } from "../contenders/contender.js";
import type { Input, SharedWorkload } from "../workloads/shared-workload.js";
import { median, round } from "./measurement.js";
import { RunningContender } from "./running-contender.js";

/** From the start of the process, in milliseconds; medians. */
export interface ColdStart {
  readonly contender: string;
  /** Until it listens. */
  readonly listeningMs: number;
  /** Until a good answer to the first request, sent as soon as it listens. */
  readonly answeredMs: number;
}

/** Starts each a number of times, in turn, while no other server runs. */
export async function measureColdStarts(
  contenders: readonly Contender[],
  options: Omit<ServerOptions, "options">,
  { workload, input, starts }: { workload: SharedWorkload; input: Input; starts: number },
): Promise<ColdStart[]> {
  const times = contenders.map((contender) => ({ contender, listening: [] as number[], answered: [] as number[] }));
  for (let round = 0; round < starts; round++) {
    for (const { contender, listening, answered } of times) {
      const start = performance.now();
      const running = await RunningContender.start(contender, options);
      listening.push(performance.now() - start);
      contender.read?.(workload.name, await running.answer(workload, input));
      answered.push(performance.now() - start);
      await running.server.stop();
    }
  }
  return times.map(({ contender, listening, answered }) => ({
    contender: contender.name,
    listeningMs: round(median(listening)),
    answeredMs: round(median(answered)),
  }));
}
