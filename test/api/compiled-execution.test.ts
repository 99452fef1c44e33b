import { ApolloServer } from "@apollo/server";
import { buildSchema } from "graphql";
import { describe, expect, test as pure } from "vitest";
import type { App } from "../../src/app.js";
import { CompiledExecution, type CompiledStats } from "../../src/graphql/compiled/compiled-execution.js";
import type { RequestContext } from "../../src/graphql/context.js";
import { compiledPlugin } from "../../src/graphql/compiled/compiled-plugin.js";
import { countItems, newBudget, type ItemBudget } from "../../src/graphql/limits/item-budget.js";
import { hashDocument } from "../../src/graphql/arrival/trusted-documents.js";
import { test, type Gateway } from "../support/api.js";
import { openExecutions, type Executions } from "../support/executions.js";
import { get, send } from "../support/limited.js";

const plan = (field: string): string => `{ plan(key: "free") { ${field} } }`;
const PAGE = `{ comparePlans(market: "se", product: "music") { plans { plan { name } prices { amount { formatted } } } features { feature { name } entitlements { key } } } }`;

async function withCompiled(
  gateway: Gateway,
  documents: number,
  body: (app: App, stats: Readonly<CompiledStats>, executions: Executions) => Promise<void>,
): Promise<void> {
  const executions = await openExecutions(gateway, documents);
  try {
    await body(executions.compiled, executions.stats, executions);
  } finally {
    await executions.close();
  }
}

describe("a query", () => {
  test("is planned when it comes for the second time, and answered from that plan from then on", async ({ gateway }) => {
    await withCompiled(gateway, 10, async (app, stats) => {
      const after: object[] = [];
      for (let time = 1; time <= 3; time++) {
        await send(app, { query: plan("name") });
        after.push({ ...stats });
      }
      expect(after).toEqual([
        { planned: 0, answered: 0, early: 0, repeated: 0 },
        { planned: 1, answered: 1, early: 0, repeated: 0 },
        { planned: 1, answered: 2, early: 0, repeated: 0 },
      ]);
    });
  });

  test("that comes once leaves nothing behind, however many there are", async ({ gateway }) => {
    await withCompiled(gateway, 10, async (app, stats) => {
      for (let index = 0; index < 50; index++) await send(app, { query: `{ a${index}: plan(key: "free") { name } }` });
      expect(stats).toEqual({ planned: 0, answered: 0, early: 0, repeated: 0 });
    });
  });

  test("that was not asked for longest gives way, and then has to come twice again", async ({ gateway }) => {
    await withCompiled(gateway, 2, async (app, stats) => {
      const twice = async (field: string): Promise<void> => {
        for (let time = 1; time <= 2; time++) await send(app, { query: plan(field) });
      };
      for (const field of ["key", "name", "rank"]) await twice(field);
      expect(stats.planned).toBe(3);
      await send(app, { query: plan("name") });
      await send(app, { query: plan("key") });
      expect(stats).toMatchObject({ planned: 3, answered: 4 });
      await send(app, { query: plan("key") });
      expect(stats).toMatchObject({ planned: 4, answered: 5 });
    });
  });

  test("is one query with whatever it skips and includes", async ({ gateway }) => {
    await withCompiled(gateway, 10, async (app, stats, { expectSame }) => {
      const query = `query ($a: Boolean!, $b: Boolean = true) { plan(key: "free") { name @include(if: $a) rank @skip(if: $b) ... @skip(if: $a) { key } } }`;
      for (const variables of [{ a: true }, { a: false }, { a: true, b: false }, { a: false, b: false }, { a: true, b: null }, { b: true }]) {
        await expectSame("anonymous", { query, variables });
      }
      expect(stats).toEqual({ planned: 1, answered: 11, early: 0, repeated: 0 });
    });
  });

  test("is planned for each operation of a document", async ({ gateway }) => {
    await withCompiled(gateway, 10, async (_app, stats, { expectSame }) => {
      const query = `query A { plan(key: "free") { name } } query B { plan(key: "free") { key } } mutation C { __typename }`;
      for (const operationName of ["A", "B", "C", "D"]) await expectSame("anonymous", { query, operationName });
      await expectSame("anonymous", { query });
      expect(stats).toEqual({ planned: 2, answered: 4, early: 0, repeated: 0 });
    });
  });

  test("is answered the same by GET and by its hash", async ({ gateway }) => {
    await withCompiled(gateway, 10, async (app, stats) => {
      const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash: hashDocument(PAGE) } });
      const { text } = await send(gateway.app, { query: PAGE });
      for (const parameters of [{ query: PAGE, extensions }, { query: PAGE }, { extensions }]) expect((await get(app, parameters)).text).toBe(text);
      expect(stats.answered).toBe(2);
    });
  });

  test("takes as many statements", async ({ gateway }) => {
    await withCompiled(gateway, 10, async (app) => {
      const statementsOf = async (of: App): Promise<readonly string[]> => (await gateway.countStatements(() => send(of, { query: PAGE }))).statements;
      for (let time = 1; time <= 2; time++) await send(app, { query: PAGE });
      expect((await statementsOf(app)).length).toBe((await statementsOf(gateway.app)).length);
    });
  });

  test("that has errors is left to graphql-js more and more, since it is run twice", async ({ gateway }) => {
    await withCompiled(gateway, 10, async (app, stats, { expectSame }) => {
      const query = `{ prices(first: 2) { edges { node { key existingFrom } } } }`;
      await expectSame("anonymous", { query });
      for (let time = 4; time <= 60; time++) await send(app, { query });
      expect(stats).toEqual({ planned: 1, answered: 0, early: 0, repeated: 6 });
      // The same document has none for who may read the field.
      for (let time = 1; time <= 16; time++) await expectSame("editor", { query });
      expect(stats.answered).toBeGreaterThan(20);
    });
  });

  test("of another kind is left to graphql-js", async ({ gateway }) => {
    await withCompiled(gateway, 10, async (_app, stats, { expectSame }) => {
      await expectSame("anonymous", { query: "mutation { __typename }" });
      await expectSame("anonymous", { query: '{ __schema { queryType { name } } plan(key: "free") { name } }' });
      await expectSame("admin", { query: '{ plan(key: "free") { name } __type(name: "Plan") { name } }' });
      await expectSame("anonymous", { query: "query ($key: Key!) { plan(key: $key) { name } }", variables: { key: 1 } });
      await expectSame("anonymous", { query: "{ nothing }" });
      expect(stats.answered).toBe(0);
    });
  });
});

test("without being asked to, nothing is compiled", ({ gateway }) => {
  expect(gateway.app.compiled).toBeNull();
});

pure("what a run has counted that came to nothing is not counted", async () => {
  const schema = buildSchema("type Thing { key: ID } type Query { things(few: Boolean): [Thing] }");
  Object.assign(schema.getQueryType()?.getFields()["things"] ?? {}, {
    resolve: async (_: unknown, { few }: { few?: boolean }) => Array.from({ length: few ? 2 : 15_000 }, (_, key) => ({ key })),
  });
  countItems(schema);
  const execution = new CompiledExecution(schema, { documents: 10 });
  const { stats } = execution;
  const [compiled, plain] = [[compiledPlugin(schema, execution)], []].map((plugins) => new ApolloServer<RequestContext>({ schema, plugins }));
  const ask = async (server: ApolloServer<RequestContext> | undefined, document: string): Promise<{ text: string; budget: ItemBudget }> => {
    const contextValue = { budget: newBudget(), outcome: { isReleased: false, isPlanned: false } } as RequestContext; // All that is looked at here.
    const response = await server?.executeOperation({ query: document }, { contextValue });
    return { text: JSON.stringify(response?.body), budget: contextValue.budget };
  };
  for (const document of ["{ a: things { key } b: things { key } }", "{ a: things(few: true) { key } b: things(few: true) { key } }"]) {
    const expected = await ask(plain, document);
    for (let time = 1; time <= 3; time++) expect(await ask(compiled, document)).toEqual(expected);
  }
  expect((await ask(plain, "{ a: things { key } b: things { key } }")).text).toContain("TOO_COSTLY");
  expect(stats).toEqual({ planned: 2, answered: 2, early: 0, repeated: 1 });
});
