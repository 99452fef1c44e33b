import { startTestGateway, type Gateway } from "./api.js";
import { publish } from "./catalog.js";
import { ANNOUNCED, DEARER_AND_FEWER, SMALL_CATALOG } from "./small-catalog.js";

export interface Twins {
  readonly announced: Gateway;
  readonly plain: Gateway;
  stop(): Promise<void>;
}

/** Two gateways whose third releases differ only in what is announced for 2027: in ANNOUNCED, and in `more`. */
export async function startTwins(now: string, more: Readonly<Record<string, string>> = {}): Promise<Twins> {
  const twins = await Promise.all([startTestGateway("empty"), startTestGateway("empty")]);
  const [announced, plain] = [twins[0].gateway, twins[1].gateway];
  for (const { clock, database } of [announced, plain]) {
    clock.set("2026-02-01T00:00:00Z");
    await publish(database, SMALL_CATALOG, {}, clock);
    clock.set("2026-05-01T00:00:00Z");
    await publish(database, DEARER_AND_FEWER, {}, clock);
    clock.set("2026-06-01T00:00:00Z");
  }
  await publish(announced.database, { ...ANNOUNCED, ...more }, {}, announced.clock);
  await publish(plain.database, { "other.yaml": "products: [{ key: other, name: Other }]" }, {}, plain.clock);
  for (const { clock } of [announced, plain]) clock.set(now);
  const stop = async (): Promise<void> => {
    await Promise.all(twins.map((twin) => twin.stop()));
  };
  return { announced, plain, stop };
}
