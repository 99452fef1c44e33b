import fc from "fast-check";
import { expect } from "vitest";
import { test } from "../support/api.js";
import { openExecutions } from "../support/executions.js";
import { randomDocuments } from "../support/random-document.js";
import { explore } from "../support/universe.js";

const DOCUMENTS = 150;

test("random documents are answered the same from plans, whatever goes wrong in them", { timeout: 300_000 }, async ({ gateway }) => {
  gateway.clock.set("2026-11-21T12:00:00Z");
  const { keys, ids } = await explore(await gateway.as("admin"), gateway.app.schema);
  const sample = (from: readonly string[]): string[] => from.filter((_, index) => index % Math.ceil(from.length / 8) === 0);
  const known = { keys: Object.values(keys).flatMap(sample), ids: sample(ids) };
  const executions = await openExecutions(gateway);
  const seen = { data: 0, errors: 0, refused: 0 };
  try {
    await fc.assert(
      fc.asyncProperty(randomDocuments(gateway.app.schema, known), fc.constantFrom("anonymous", "editor", "service"), async ({ query, variables }, role) => {
        for (const values of variables) {
          const { status, data, body } = await executions.expectSame(role, { query, variables: values });
          seen[status !== 200 || !data ? "refused" : body.errors ? "errors" : "data"]++;
        }
      }),
      { numRuns: DOCUMENTS, endOnFailure: true },
    );
  } finally {
    await executions.close();
  }
  if (process.env["SHOW"]) console.log(seen, executions.stats);
  // The documents are worth the while only if most of them run.
  expect(seen.data).toBeGreaterThan(DOCUMENTS / 10);
  expect(seen.errors).toBeGreaterThan(DOCUMENTS / 30);
  expect(executions.stats.answered).toBeGreaterThan(DOCUMENTS / 10);
  expect(executions.stats.repeated).toBeGreaterThan(DOCUMENTS / 20);
});
