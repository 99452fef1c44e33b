import { expect, test } from "vitest";
import { inOrderOfAnswer } from "../../src/graphql/errors/error-order.js";

const error = (line: number, column: number, ...path: (string | number)[]) => ({ locations: [{ line, column }], path });

test("errors are told in the order of the document, then of lists, and those about the whole first", () => {
  const whole = {};
  const inOrder = [whole, error(1, 3, "a"), error(1, 20, "b"), error(2, 1, "c", 2, "d"), error(2, 1, "c", 10, "d")];
  const happened = [3, 1, 4, 0, 2].flatMap((index) => inOrder[index] ?? []);
  expect(inOrderOfAnswer(happened)).toEqual(inOrder);
});
