import fc from "fast-check";
import { expect, test } from "vitest";
import { SortedBlocks } from "../../src/catalog/releases/storage/memory/sorted-blocks.js";
import { compareText } from "../../src/catalog/releases/storage/memory/text-order.js";

test("texts are ordered by the bytes of UTF-8, as the database orders them, and not by the units of UTF-16", () => {
  const texts = fc.string({
    unit: fc.oneof(fc.constantFrom("a", "\ud7ff", "\ue000", "\uffff", "😀", "𝔸"), fc.string({ unit: "binary", minLength: 1, maxLength: 1 })),
  });
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 2_000 },
  );
  expect(compareText("\uffee", "😀")).toBeLessThan(0);
  expect("\uffee" < "😀").toBe(false);
});

/** Numbers that make many blocks, taken out again in any order. */
const changes = fc.record({
  filled: fc.uniqueArray(fc.nat(50_000), { maxLength: 1_500 }),
  moves: fc.array(fc.tuple(fc.boolean(), fc.nat(50_000)), { maxLength: 500 }),
  batches: fc.array(fc.tuple(fc.boolean(), fc.uniqueArray(fc.nat(50_000), { maxLength: 900 })), { maxLength: 4 }),
  appended: fc.nat(1_200),
});

test("a list in blocks has what a sorted array has, whatever was added and removed, from any place in both directions", () => {
  fc.assert(
    fc.property(changes, fc.nat(50_000), fc.nat(20), ({ filled, moves, batches, appended }, from, size) => {
      const blocks = new SortedBlocks<number>((a, b) => a - b);
      const model = new Set(filled);
      blocks.fill([...filled].sort((a, b) => a - b));
      for (const [isAdded, item] of [...moves, ...filled.slice(0, 700).map((item): [boolean, number] => [false, item])]) {
        expect(isAdded ? blocks.add(item) : blocks.remove(item)).toBe(isAdded !== model.has(item));
        if (isAdded) model.add(item);
        else model.delete(item);
      }
      for (const [isAdded, batch] of batches) {
        // Also of what is there already, or is not.
        batch.sort((a, b) => a - b);
        expect([...(isAdded ? blocks.addAll(batch) : blocks.removeAll(batch))]).toHaveLength(batch.length);
        for (const item of batch) {
          if (isAdded) model.add(item);
          else model.delete(item);
        }
      }
      for (let item = 50_001; item <= 50_000 + appended; item++) {
        blocks.append(item);
        model.add(item);
      }
      const sorted = [...model].sort((a, b) => a - b);
      expect(blocks.size).toBe(sorted.length);
      expect(
        visited((visit) => {
          blocks.ascend(null, visit);
        }),
      ).toEqual(sorted);
      expect(
        visited((visit) => {
          blocks.descend(null, visit);
        }),
      ).toEqual([...sorted].reverse());
      const isBefore = (item: number): boolean => item < from;
      const some = {
        ascending: sorted.filter((item) => item >= from).slice(0, size + 1),
        descending: sorted
          .filter(isBefore)
          .reverse()
          .slice(0, size + 1),
      };
      expect(
        visited((visit) => {
          blocks.ascend(isBefore, visit);
        }, size),
      ).toEqual(some.ascending);
      expect(
        visited((visit) => {
          blocks.descend(isBefore, visit);
        }, size),
      ).toEqual(some.descending);
    }),
    { numRuns: 60 },
  );
});

function visited(walk: (visit: (item: number) => boolean) => void, size = Number.POSITIVE_INFINITY): number[] {
  const found: number[] = [];
  walk((item) => {
    found.push(item);
    return found.length <= size;
  });
  return found;
}
