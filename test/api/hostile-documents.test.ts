import { getIntrospectionQuery } from "graphql";
import { describe, expect } from "vitest";
import { test } from "../support/api.js";
import { HOSTILE } from "../support/hostile-documents.js";
import { send } from "../support/limited.js";

/** How much may come back for it: not more than was sent, and nothing that a line could not say. */
const MAX_ANSWER_BYTES = 20_000;

describe("what is made to cost much is refused for little", () => {
  for (const { what, body } of HOSTILE) {
    test(what, async ({ gateway }) => {
      expect(typeof body === "string" ? body.length : JSON.stringify(body).length).toBeLessThan(100_000);
      const { status, code, data, text, body: answer } = await send(gateway.app, body);
      expect(status).toBeLessThan(500);
      expect(text).not.toMatch(/Maximum call stack|\.ts\b|node_modules/);
      if (data && !answer.errors) {
        // Answered within the limits.
        expect(answer.extensions.cost.requested).toBeLessThanOrEqual(answer.extensions.cost.limit);
        return;
      }
      expect(code).toMatch(/^[A-Z_]+$/);
      expect(code).not.toBe("INTERNAL");
      expect(text.length).toBeLessThan(MAX_ANSWER_BYTES);
    });
  }
});

test("there are many of them", () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(35);
  expect(new Set(HOSTILE.map(({ what }) => what)).size).toBe(HOSTILE.length);
});

test("refusing a document once more needs no look at it, and says the same", async ({ gateway }) => {
  const document = `{ ${"... { ".repeat(100)} __typename ${"} ".repeat(100)}}`;
  const first = await send(gateway.app, { query: document });
  const second = await send(gateway.app, { query: document, operationName: "Nope" });
  expect(second.text).toBe(first.text);
  expect(first.code).toBe("TOO_DEEP");
});

test("an explorer's introspection is within the limits", async ({ gateway }) => {
  const options = { descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: false };
  const { status, data } = await send(gateway.app, { query: getIntrospectionQuery(options) });
  expect(status).toBe(200);
  expect(data.__schema.types.length).toBeGreaterThan(50);
});
