import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { importWorld, type ImportWorld } from "./import-world.js";

const plan = (entitlements: string): string => `
products: [{ key: music, name: Music }]
features:
  - { key: lyrics, kind: SWITCH, category: listening, position: 1, name: Lyrics }
  - { key: hours, kind: CAP, category: books, position: 2, name: Books, unit: hour, window: MONTH }
plans:
  - key: duo
    product: music
    rank: 1
    name: Duo
    entitlements: ${entitlements}
`;

const market = "markets: [{ key: se, country: SE, name: Sweden, currency: SEK, timeZone: Europe/Stockholm }]\n";

let world: ImportWorld;
beforeEach(async () => {
  world = await importWorld();
});
afterEach(() => world.stop());

describe("whether existing subscriptions follow a changed entitlement", () => {
  const publish = (entitlements: string, options = {}): ReturnType<ImportWorld["import"]> => world.import({ "plan.yaml": plan(entitlements) }, options);
  const follows = async (): Promise<Record<string, boolean>> =>
    Object.fromEntries(
      (await world.query<{ feature_key: string; existing_follow: boolean }>("select * from entitlement where until_release is null")).map((row) => [
        row.feature_key,
        row.existing_follow,
      ]),
    );

  beforeEach(() => publish("{ lyrics: false }"));

  test.each`
    why                                       | entitlements                                                  | rollout     | outcome
    ${"a change that says it follows"}        | ${"{ lyrics: { value: true, existing: FOLLOW } }"}            | ${null}     | ${{ lyrics: true }}
    ${"a change that says it does not"}       | ${"{ lyrics: { value: true, existing: KEEP } }"}              | ${null}     | ${{ lyrics: false }}
    ${"a change that says nothing"}           | ${"{ lyrics: true }"}                                         | ${null}     | ${"ROLLOUT_MISSING"}
    ${"a change for which the command says"}  | ${"{ lyrics: true }"}                                         | ${"KEEP"}   | ${{ lyrics: false }}
    ${"what the file says counts more"}       | ${"{ lyrics: { value: true, existing: KEEP } }"}              | ${"FOLLOW"} | ${{ lyrics: false }}
    ${"one that is added"}                    | ${"{ lyrics: false, hours: { value: 5, existing: KEEP } }"}   | ${null}     | ${{ lyrics: true, hours: false }}
    ${"one that is added and says nothing"}   | ${"{ lyrics: false, hours: 5 }"}                              | ${null}     | ${"ROLLOUT_MISSING"}
    ${"one that is removed"}                  | ${"{ lyrics: { removed: true, existing: FOLLOW } }"}          | ${null}     | ${{}}
    ${"one that is removed without a word"}   | ${"{}"}                                                       | ${null}     | ${"ROLLOUT_MISSING"}
    ${"one that is removed by command"}       | ${"{}"}                                                       | ${"FOLLOW"} | ${{}}
    ${"what is removed cannot be kept"}       | ${"{}"}                                                       | ${"KEEP"}   | ${"ROLLOUT_CANNOT_KEEP"}
    ${"an unchanged one keeps what was said"} | ${"{ lyrics: false, hours: { value: 1, existing: FOLLOW } }"} | ${"KEEP"}   | ${{ lyrics: true, hours: true }}
    ${"a later rollout of the same value"}    | ${"{ lyrics: { value: false, existing: KEEP } }"}             | ${null}     | ${{ lyrics: false }}
  `("$why", async ({ entitlements, rollout, outcome }) => {
    const result = await publish(entitlements, { rollout });
    if (typeof outcome === "string") expect(result).toMatchObject({ outcome: "REFUSED", problemCount: 1, problems: [{ code: outcome }] });
    else expect(await follows()).toEqual(outcome);
  });

  test("an unchanged one keeps what was said, also when it was to keep and the command says follow", async () => {
    await publish("{ lyrics: { value: true, existing: KEEP } }");
    expect(await publish("{ lyrics: true, hours: 5 }", { rollout: "FOLLOW" })).toMatchObject({ outcome: "PUBLISHED" });
    expect(await follows()).toEqual({ lyrics: false, hours: true });
  });

  test("is not asked of a plan that nobody has yet", async () => {
    await world.publish({ "b.yaml": "plans: [{ key: solo, product: music, rank: 2, name: Solo, entitlements: { lyrics: true } }]" });
    expect(await follows()).toEqual({ lyrics: true });
  });
});

describe("from when a price reaches existing subscriptions", () => {
  const HEADER = "plan,market,currency,interval,amount,from,until,existing\n";
  const importRows = (...rows: string[]): ReturnType<ImportWorld["import"]> => world.import({ "p.csv": `${HEADER}${rows.join("\n")}\n` });
  const refusal = { outcome: "REFUSED", problemCount: 1, problems: [{ code: "ROLLOUT_MISSING" }] };

  beforeEach(async () => {
    await world.publish({ "a.yaml": `${market}${plan("{}")}`, "p.csv": `${HEADER}duo,se,SEK,P1M,100,2026-01-01,2027-01-01,\n` });
  });

  test("is asked of a price that follows another", async () => {
    expect(await importRows("duo,se,SEK,P1M,110,2027-01-01,,")).toMatchObject(refusal);
    expect(await importRows("duo,se,SEK,P1M,110,2027-01-01,,2027-03-01")).toMatchObject({ outcome: "PUBLISHED" });
    expect(await world.query("select existing_from from price where amount_minor = 11000")).toEqual([{ existing_from: new Date("2027-03-01T00:00:00Z") }]);
  });

  test("is asked of a price that follows one which ends with the same import", async () => {
    const files = (existing: string) => ({
      "r.yaml": "retire: { prices: ['duo/se/SEK/P1M/*/*/20260101T000000Z'] }\n",
      "p.csv": `${HEADER}duo,se,SEK,P1M,110,2026-07-01,,${existing}\n`,
    });
    expect(await world.import(files(""))).toMatchObject(refusal);
    expect(await world.import(files("KEEP"))).toMatchObject({ outcome: "PUBLISHED", changes: { price: { added: 1, ended: 1 } } });
  });

  test("is asked of a price that changes while it is in force", async () => {
    expect(await importRows("duo,se,SEK,P1M,110,2026-01-01,2027-01-01,")).toMatchObject(refusal);
    expect(await importRows("duo,se,SEK,P1M,110,2026-01-01,2027-01-01,KEEP")).toMatchObject({ outcome: "PUBLISHED", changes: { price: { changed: 1 } } });
  });

  test("is not asked of one that is announced and changes before it is in force, nor of one that ends", async () => {
    world.now = new Date("2025-12-01T00:00:00Z");
    expect(await importRows("duo,se,SEK,P1M,110,2026-01-01,2027-01-01,")).toMatchObject({ outcome: "PUBLISHED" });
    world.now = new Date("2026-06-01T00:00:00Z");
    expect(await importRows("duo,se,SEK,P1M,110,2026-01-01,2026-08-01,")).toMatchObject({ outcome: "PUBLISHED" });
  });

  test("is not asked of another slot", async () => {
    expect(await importRows("duo,se,SEK,P1Y,1000,2027-01-01,,")).toMatchObject({ outcome: "PUBLISHED" });
  });
});
