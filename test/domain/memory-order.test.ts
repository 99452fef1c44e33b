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

/** Numbers that make many blocks, of which some are taken out again. */
const changes = fc.record({
  filled: fc.uniqueArray(fc.nat(50_000), { maxLength: 1_500 }),
  added: fc.array(fc.nat(50_000), { maxLength: 500 }),
  batches: fc.array(
    fc.record({
      added: fc.uniqueArray(fc.nat(50_000), { maxLength: 900 }),
      /** Which item another may be said to come after: right, wrong, or not there. */
      beside: fc.constantFrom(1, 2, -1, 10_000),
      isDropped: fc.func(fc.boolean()),
    }),
    { maxLength: 4 },
  ),
  appended: fc.nat(1_200),
});

test("a list in blocks has what a sorted array has, whatever was added and dropped, from any place in both directions", () => {
  fc.assert(
    fc.property(changes, fc.nat(50_000), fc.nat(20), ({ filled, added, batches, appended }, from, size) => {
      const blocks = new SortedBlocks<number>((a, b) => a - b);
      const model = new Set(filled);
      blocks.fill([...filled].sort((a, b) => a - b));
      for (const item of added) {
        expect(blocks.add(item)).toBe(!model.has(item));
        model.add(item);
      }
      const gone = new Set<number>();
      for (const batch of batches) {
        // Also of what is there already.
        const sorted = batch.added.filter((item) => !gone.has(item)).sort((a, b) => a - b);
        expect([...blocks.addAll(sorted, (item) => item - batch.beside)]).toHaveLength(sorted.length);
        for (const item of sorted) model.add(item);
        const dropped = [...model].filter((item) => batch.isDropped(item));
        for (const item of dropped) {
          model.delete(item);
          gone.add(item);
        }
        const steps = blocks.drop(dropped.length, (item) => !gone.has(item));
        while (steps.next().done !== true) expect(visitedAll(blocks, gone)).toEqual(model);
        // What is not wanted is there for a while, but never much of it.
        expect(blocks.size - model.size).toBeLessThanOrEqual(blocks.size / 8);
        expect(visitedAll(blocks, gone)).toEqual(model);
      }
      Array.from(blocks.retain((item) => !gone.has(item)));
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

function visitedAll(blocks: SortedBlocks<number>, gone: ReadonlySet<number>): Set<number> {
  return new Set(
    visited((visit) => {
      blocks.ascend(null, visit);
    }).filter((item) => !gone.has(item)),
  );
}

function visited(walk: (visit: (item: number) => boolean) => void, size = Number.POSITIVE_INFINITY): number[] {
  const found: number[] = [];
  walk((item) => {
    found.push(item);
    return found.length <= size;
  });
  return found;
}
