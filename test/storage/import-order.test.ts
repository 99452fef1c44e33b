import fc from "fast-check";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importWorld, type ImportWorld } from "./import-world.js";

const BASE = await readFile(join(import.meta.dirname, "..", "fixtures", "bad-catalogs", "_base.yaml"), "utf8");

/** The base catalog as single entities, each with its section. */
const ENTITIES = Object.entries(parse(BASE) as Record<string, object[]>).flatMap(([section, items]) => items.map((item) => ({ section, item })));

let world: ImportWorld;
let content: string[];
beforeAll(async () => {
  world = await importWorld();
  await world.publish({ "base.yaml": BASE });
  content = await world.content();
});
afterAll(() => world.stop());

test("entities in any order, in any files, with their fields in any order, make the same catalog", async () => {
  const shuffledFields = (item: object): fc.Arbitrary<object> =>
    fc.shuffledSubarray(Object.entries(item), { minLength: Object.keys(item).length }).map(Object.fromEntries);
  const entities = fc.tuple(
    ...ENTITIES.map(({ section, item }) => fc.record({ section: fc.constant(section), item: shuffledFields(item), file: fc.nat(3), isJson: fc.boolean() })),
  );
  const order = fc.shuffledSubarray([...ENTITIES.keys()], { minLength: ENTITIES.length });
  await fc.assert(
    fc.asyncProperty(entities, order, async (drawn, positions) => {
      const files: Record<string, string> = {};
      for (let number = 0; number <= 3; number++) {
        const sections: Record<string, object[]> = {};
        for (const position of positions) {
          const entity = drawn[position];
          if (entity?.file === number) (sections[entity.section] ??= []).push(entity.item);
        }
        if (Object.keys(sections).length === 0) continue;
        if (drawn[0]?.isJson) files[`${number}.json`] = JSON.stringify(sections, null, number);
        else files[`${number}.yaml`] = stringify(sections, { indent: 2 + number, defaultStringType: number % 2 === 0 ? "PLAIN" : "QUOTE_DOUBLE" });
      }
      const outcome = await world.import(files, { replace: true });
      expect(outcome).toMatchObject({ outcome: "UNCHANGED" });
      expect(await world.content()).toEqual(content);
    }),
    { numRuns: 25 },
  );
});

test("a catalog that was emptied and imported in another order is the same catalog", async () => {
  await world.publish({ "none.yaml": "plans: []" }, { replace: true });
  const files = Object.fromEntries(ENTITIES.toReversed().map(({ section, item }, index) => [`${index}.yaml`, stringify({ [section]: [item] })]));
  await world.publish(files);
  expect(await world.content()).toEqual(content);
});
