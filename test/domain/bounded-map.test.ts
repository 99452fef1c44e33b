import fc from "fast-check";
import { expect, test } from "vitest";
import { BoundedMap } from "../../src/platform/bounded-map.js";

const small = (): BoundedMap<string> => new BoundedMap({ maxCount: 3, maxWeight: 10, weigh: (value) => value.length });

test("what was not asked for the longest goes first", () => {
  const map = small();
  for (const key of ["a", "b", "c"]) map.set(key, key);
  expect(map.get("a")).toBe("a");
  map.set("d", "d");
  expect(["a", "b", "c", "d"].map((key) => map.get(key))).toEqual(["a", undefined, "c", "d"]);
});

test("weight counts as well as number, and what is replaced counts no more", () => {
  const map = small();
  map.set("a", "xxxxxx");
  map.set("b", "xxxx");
  map.set("b", "xx");
  expect(map.get("a")).toBe("xxxxxx");
  map.set("c", "xxxxx");
  expect(["a", "b", "c"].map((key) => map.get(key))).toEqual([undefined, undefined, "xxxxx"]);
  map.set("d", "x".repeat(11));
  expect(map.get("d")).toBeUndefined();
  expect(map.get("c")).toBe("xxxxx");
});

test("it is never beyond its limits, and what was put last is there", () => {
  const puts = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.string({ maxLength: 12 })), { maxLength: 50 });
  fc.assert(
    fc.property(puts, (list) => {
      const map = small();
      for (const [key, value] of list) {
        map.set(key, value);
        expect(map.get(key)).toBe(value.length > 10 ? undefined : value);
        expect(map.size).toBeLessThanOrEqual(3);
        const held = ["a", "b", "c", "d", "e"].map((name) => map.get(name) ?? "").join("");
        expect(held.length).toBeLessThanOrEqual(10);
      }
    }),
  );
});
