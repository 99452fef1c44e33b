import { constants } from "node:fs";
import { access, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildSchema, isScalarType, isSpecifiedScalarType, parse, validate } from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTemporaryFolder } from "../support/temporary-folder.js";
import { compileWithRelay, relayCompiler } from "./support/relay-project.js";

const SCHEMA_FILE = join(import.meta.dirname, "..", "..", "schema.graphql");

/** What Relay asks of a server: objects by id, lists that grow, fragments that are fetched again by themselves. */
const SOURCE = `
import { graphql } from "relay-runtime";

graphql\`
  query catalogPlanQuery($id: ID!, $market: Key!) {
    node(id: $id) {
      ...catalogPlan_plan @arguments(market: $market) @alias
    }
  }
\`;

graphql\`
  fragment catalogPlan_plan on Plan @argumentDefinitions(market: { type: "Key!" }) @refetchable(queryName: "catalogPlanAgainQuery") {
    name
    prices(market: $market) {
      ...catalogPrice_price
    }
    entitlements(market: $market) {
      value {
        __typename
        ... on CapValue {
          amount
        }
      }
    }
  }
\`;

graphql\`
  fragment catalogPrice_price on Price {
    interval
    amount {
      amountMinor
      currency
    }
  }
\`;

graphql\`
  query catalogPricesQuery($filter: PriceFilter) {
    ...catalogPrices_query @arguments(filter: $filter)
  }
\`;

graphql\`
  fragment catalogPrices_query on Query
  @argumentDefinitions(filter: { type: "PriceFilter" }, first: { type: "Int", defaultValue: 20 }, after: { type: "String" })
  @refetchable(queryName: "catalogMorePricesQuery") {
    prices(filter: $filter, first: $first, after: $after, orderBy: { field: KEY }) @connection(key: "catalogPrices_prices") {
      totalCount
      edges {
        node {
          ...catalogPrice_price
        }
      }
    }
  }
\`;
`;

let folder: string;
beforeAll(async () => {
  folder = await makeTemporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the compiler came with its package, ready to run: no install script has to fetch it or make it executable", async () => {
  expect(relayCompiler).not.toBeNull();
  await expect(access(relayCompiler ?? "", constants.X_OK)).resolves.toBeUndefined();
});

test("relay-compiler accepts the schema, and what it makes of an application is valid for it", async () => {
  const schema = buildSchema(await readFile(SCHEMA_FILE, "utf8"));
  const scalars = Object.values(schema.getTypeMap()).filter((type) => isScalarType(type) && !isSpecifiedScalarType(type));
  const { output, operations } = await compileWithRelay({
    folder,
    schemaFile: SCHEMA_FILE,
    source: SOURCE,
    scalars: Object.fromEntries(scalars.map(({ name }) => [name, name === "SafeInt" ? "number" : "string"])),
  });
  expect(output).not.toContain("[ERROR]");
  // The two that are written, and two that Relay makes of the fragments that can be fetched again.
  expect(operations).toHaveLength(4);
  expect(operations.flatMap((operation) => validate(schema, parse(operation)).map(({ message }) => message))).toEqual([]);
});
