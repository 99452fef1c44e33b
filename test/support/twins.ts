import { startTestGateway, type Gateway } from "./api.js";
import { publish } from "./catalog.js";
import { ANNOUNCED, DEARER_AND_FEWER, SMALL_CATALOG } from "./small-catalog.js";

type Files = Readonly<Record<string, string>>;

export interface Twins {
  readonly announced: Gateway;
  readonly plain: Gateway;
  /** Sets the clocks of both. */
  setClocks(now: string): void;
  stop(): Promise<void>;
}

/** What the third releases of twins say beside what is the same in both. */
export interface Difference {
  readonly announced: Files;
  /** Nothing, where all of the difference is announced. */
  readonly plain?: Files;
  /** What stands in the first releases of both beside the small catalog. */
  readonly both?: Files;
}

/** Something that both say, because a release must change something. */
const OTHER = { "other.yaml": "products: [{ key: other, name: Other }]" };

/** Two gateways whose third releases differ only in what is announced for 2027: in ANNOUNCED, unless something else is said. */
export async function startTwins(now: string, { announced: hidden, plain: shown = {}, both = {} }: Difference = { announced: ANNOUNCED }): Promise<Twins> {
  const twins = await Promise.all([startTestGateway("empty"), startTestGateway("empty")]);
  const [announced, plain] = [twins[0].gateway, twins[1].gateway];
  for (const { clock, database } of [announced, plain]) {
    clock.set("2026-02-01T00:00:00Z");
    await publish(database, { ...SMALL_CATALOG, ...both }, {}, clock);
    clock.set("2026-05-01T00:00:00Z");
    await publish(database, DEARER_AND_FEWER, {}, clock);
    clock.set("2026-06-01T00:00:00Z");
  }
  await publish(announced.database, { ...OTHER, ...hidden }, {}, announced.clock);
  await publish(plain.database, { ...OTHER, ...shown }, {}, plain.clock);
  const setClocks = (instant: string): void => {
    for (const { clock } of [announced, plain]) clock.set(instant);
  };
  setClocks(now);
  const stop = async (): Promise<void> => {
    await Promise.all(twins.map((twin) => twin.stop()));
  };
  return { announced, plain, setClocks, stop };
}
