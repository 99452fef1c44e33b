import { createHook } from "node:async_hooks";
import { defaultFieldResolver, isObjectType, type GraphQLSchema } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gateways } from "../../bench/contenders/gateway.js";
import { fillCatalog } from "../../bench/dataset/fill-catalog.js";
import { shapeOf } from "../../bench/dataset/shape.js";
import { SHARED_WORKLOADS, type SharedWorkloadName } from "../../bench/workloads/shared-workload.js";
import type { App, AppParts } from "../../src/app.js";
import { startTestGateway, type Gateway } from "../support/api.js";

// What a read costs in counts, which are the same on every machine: the documents of the benchmark over its catalog.

const TOLD = "A read costs something else than before. If it is less, or more for a reason, put the new numbers into EXPECTED and the reason into the commit.";

interface Counts {
  /** Sent to the database, the question for the current release included. */
  readonly statements: number;
  /** Calls of resolvers, but for those that only read a property. */
  readonly resolved: number;
  /** Promises made by all that answers a request, at most: a tenth above what was counted. They are most of its garbage. */
  readonly promises: number;
}

const MODES = {
  "nothing kept": {},
  compiled: { compiled: { documents: 10 } },
  memory: { memory: { bytes: 1e9 } },
  "memory and compiled": { memory: { bytes: 1e9 }, compiled: { documents: 10 } },
} as const satisfies Readonly<Record<string, Partial<AppParts>>>;

const EXPECTED: Readonly<Record<SharedWorkloadName, Readonly<Record<keyof typeof MODES, Counts>>>> = {
  plan: {
    "nothing kept": { statements: 2, resolved: 3, promises: 250 },
    compiled: { statements: 2, resolved: 3, promises: 215 },
    memory: { statements: 1, resolved: 3, promises: 245 },
    "memory and compiled": { statements: 1, resolved: 1, promises: 205 },
  },
  "pricing-page": {
    "nothing kept": { statements: 8, resolved: 655, promises: 525 },
    compiled: { statements: 8, resolved: 655, promises: 400 },
    memory: { statements: 1, resolved: 655, promises: 245 },
    "memory and compiled": { statements: 1, resolved: 20, promises: 205 },
  },
  "wide-list": {
    "nothing kept": { statements: 4, resolved: 4_862, promises: 1_750 },
    compiled: { statements: 4, resolved: 4_862, promises: 900 },
    memory: { statements: 1, resolved: 4_862, promises: 245 },
    "memory and compiled": { statements: 1, resolved: 62, promises: 205 },
  },
  "price-page": {
    "nothing kept": { statements: 4, resolved: 602, promises: 2_520 },
    compiled: { statements: 4, resolved: 602, promises: 325 },
    memory: { statements: 1, resolved: 602, promises: 245 },
    "memory and compiled": { statements: 1, resolved: 2, promises: 205 },
  },
};

let gateway: Gateway;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ gateway, stop } = await startTestGateway("empty"));
  gateway.clock.set("2026-11-21T00:00:00Z");
  await gateway.database.withLongClient((client) => fillCatalog(client, 1));
});
afterAll(() => stop());

describe.for(Object.entries(MODES))("with %s", ([mode, parts]) => {
  let app: App;
  let resolvers: { calls: number };
  beforeAll(async () => {
    app = await gateway.open(parts);
    resolvers = countCalls(app.schema);
  });
  afterAll(() => app.close());

  test.for(SHARED_WORKLOADS)("$title", async ({ name, inputs }) => {
    const { body = "" } = gateways[0]?.ask(name, inputs(shapeOf(1))[0] ?? {}) ?? {};
    const { query, variables } = JSON.parse(body) as { query: string; variables: object };
    const ask = async () => {
      const { errors } = await gateway.through(app).anonymous.query(query, variables);
      expect(errors).toEqual([]);
    };
    // The first two times connections are made and plans as well.
    for (let time = 0; time < 3; time++) await ask();
    const compiled = { ...app.compiled };
    resolvers.calls = 0;
    const { statements } = await gateway.countStatements(ask);
    const resolved = resolvers.calls;
    const promises = Math.min(await countPromises(ask), await countPromises(ask), await countPromises(ask));
    const { promises: most, ...expected } = EXPECTED[name][mode as keyof typeof MODES]; // An entry of MODES.
    expect({ statements: statements.length, resolved }, `${TOLD}\nsent:\n${statements.join("\n")}`).toEqual(expected);
    expect(promises, TOLD).toBeLessThanOrEqual(most);
    // Asked four times more, each answered by the plan that was there.
    if (app.compiled) expect(app.compiled).toEqual({ ...compiled, answered: (compiled.answered ?? 0) + 4 });
  });
});

/** Counts the calls of the schema's resolvers from now on. Comes before plans are made, which keep the resolvers. */
function countCalls(schema: GraphQLSchema): { calls: number } {
  const counter = { calls: 0 };
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType))
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve || resolve === defaultFieldResolver) continue;
      field.resolve = (...args) => {
        counter.calls++;
        return resolve(...args);
      };
    }
  return counter;
}

async function countPromises(body: () => Promise<void>): Promise<number> {
  let made = 0;
  const hook = createHook({ init: (_id, type) => void (made += type === "PROMISE" ? 1 : 0) }).enable();
  await body();
  hook.disable();
  return made;
}
