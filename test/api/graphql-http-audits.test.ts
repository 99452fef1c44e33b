import { auditServer } from "graphql-http";
import { expect } from "vitest";
import { test } from "../support/api.js";

test("every audit of GraphQL over HTTP is passed, what must be and what should be", async ({ gateway }) => {
  const { url } = await gateway.app.listen("127.0.0.1", 0);
  const { key } = await gateway.app.apiKeys.create({ name: "auditor", role: "admin", expiresAt: null });
  const results = await auditServer({
    url: `${url}/graphql`,
    // A GET that no browser had to ask for beforehand is refused, and what an admin may see is audited, too.
    fetchFn: (address: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set("apollo-require-preflight", "audit");
      headers.set("authorization", `Bearer ${key}`);
      return fetch(address, { ...init, headers });
    },
  });
  expect(
    results.filter(({ status }) => status !== "ok").map(({ id, name, ...result }) => ({ id, name, reason: "reason" in result ? result.reason : "" })),
  ).toEqual([]);
  expect(results).toHaveLength(61);
});
