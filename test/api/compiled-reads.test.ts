import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Role } from "../../src/access/permission.js";
import { permissionsOf } from "../../src/access/viewer.js";
import { startTestGateway, test as reading, type Gateway } from "../support/api.js";
import { publish } from "../support/catalog.js";
import { everyRead } from "../support/every-read.js";
import { openExecutions, type Executions } from "../support/executions.js";
import { ANNOUNCED, DEARER_AND_FEWER, SMALL_CATALOG } from "../support/small-catalog.js";
import { explore, type Universe } from "../support/universe.js";

const AUDIENCES: readonly Role[] = ["anonymous", "customer", "service", "editor"];
const OPERATIONS = join(import.meta.dirname, "..", "..", "sdk", "operations");
const POINTS = ["{ release: 2 }", `{ time: "2027-02-01T00:00:00Z" }`, "{ release: 9 }"];

reading("the example operations are answered the same from plans", async ({ gateway }) => {
  gateway.clock.set("2026-11-21T12:00:00Z");
  const executions = await openExecutions(gateway);
  try {
    for (const file of readdirSync(OPERATIONS).filter((name) => name.endsWith(".graphql"))) {
      const query = readFileSync(join(OPERATIONS, file), "utf8");
      if (parse(query).definitions.some((one) => "operation" in one && one.operation === "mutation")) continue;
      const variables = JSON.parse(readFileSync(join(OPERATIONS, file.replace(".graphql", ".variables.json")), "utf8")) as object;
      const before = executions.stats.answered;
      for (const role of ["anonymous", "admin"] as const) await executions.expectSame(role, { query, variables });
      expect(executions.stats.answered, file).toBeGreaterThan(before + 1);
    }
  } finally {
    await executions.close();
  }
});

describe("every read is answered the same from plans", () => {
  let gateway: Gateway;
  let stop: () => Promise<void>;
  let executions: Executions;
  let universe: Universe;
  beforeAll(async () => {
    ({ gateway, stop } = await startTestGateway("empty"));
    gateway.clock.set("2026-02-01T00:00:00Z");
    await publish(gateway.database, SMALL_CATALOG, {}, gateway.clock);
    gateway.clock.set("2026-05-01T00:00:00Z");
    await publish(gateway.database, DEARER_AND_FEWER, {}, gateway.clock);
    await publish(gateway.database, ANNOUNCED, {}, gateway.clock);
    gateway.clock.set("2026-11-21T00:00:00Z");
    executions = await openExecutions(gateway);
    universe = await explore(await gateway.as("admin"), gateway.app.schema);
  });
  afterAll(async () => {
    await executions.close();
    await stop();
  });

  test.for(AUDIENCES)("to %s", { timeout: 300_000 }, async (role) => {
    const before = { ...executions.stats };
    // Everyone also asks for what only others may read.
    for (const asked of new Set([role, "admin" as const])) {
      const permissions = permissionsOf([asked]);
      const reads = everyRead({ schema: gateway.app.schema, universe, market: "se", permissions, points: POINTS, codes: ["NY27"] });
      for (const { document } of reads) await executions.expectSame(role, { query: document });
    }
    const { answered, repeated } = executions.stats;
    expect(answered - before.answered).toBeGreaterThan(200);
    expect(repeated - before.repeated).toBeGreaterThan(10);
  });
});
