import { buildClientSchema, getIntrospectionQuery, isObjectType, lexicographicSortSchema, printSchema, validateSchema } from "graphql";
import { describe, expect } from "vitest";
import { ROLES, type KeyRole, type Role } from "../../src/access/permission.js";
import { permissionsOf } from "../../src/access/viewer.js";
import { schemaForAudience } from "../../src/graphql/schema/audience-schema.js";
import { permissionMap } from "../../src/graphql/schema/schema.js";
import { test, type Caller, type Gateway } from "../support/api.js";

const callerOf = (gateway: Gateway, role: Role): Caller | Promise<Caller> => (role === "anonymous" ? gateway.anonymous : gateway.as(role as KeyRole));
const SEEN = (Object.keys(ROLES) as Role[]).filter((role) => role !== "customer");

describe("what a caller learns of the schema", () => {
  for (const role of SEEN) {
    test(`is what one of the role ${role} may use, and is sound`, async ({ gateway }) => {
      const own = schemaForAudience(gateway.app.schema, permissionMap, permissionsOf([role]));
      expect(validateSchema(own)).toEqual([]);
      const { data, errors } = await (
        await callerOf(gateway, role)
      ).query(getIntrospectionQuery({ specifiedByUrl: true, directiveIsRepeatable: true, inputValueDeprecation: true }));
      expect(errors).toEqual([]);
      expect(printSchema(lexicographicSortSchema(buildClientSchema(data)))).toBe(printSchema(lexicographicSortSchema(own)));
      for (const type of Object.values(own.getTypeMap())) {
        if (!isObjectType(type) || type.name.startsWith("__")) continue;
        for (const field of Object.keys(type.getFields())) {
          const rule = permissionMap[type.name]?.[field];
          expect(rule === "open" || (rule !== undefined && permissionsOf([role]).has(rule)), `${type.name}.${field}`).toBe(true);
        }
      }
    });
  }

  test("names no type, field or member beyond that, by whatever way it is asked", async ({ gateway }) => {
    const partner = await gateway.as("partner");
    const { data } = await partner.query(
      `query ($name: String!) {
      a: __type(name: "ApiKey") { name } b: __type(name: $name) { name } c: __type(name: "DiscountUses") { name }
      node: __type(name: "Node") { possibleTypes { name } }
      discount: __type(name: "Discount") { ...fields }
      ... { again: __schema { mutationType { fields { name } } } }
    } fragment fields on __Type { fields { name } }`,
      { name: "CreateApiKeyInput" },
    );
    expect([data.a, data.b, data.c]).toEqual([null, null, null]);
    const names = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name);
    expect(names(data.node.possibleTypes)).not.toContain("ApiKey");
    expect(names(data.discount.fields)).not.toContain("internalNote");
    expect(names(data.again.mutationType.fields)).toEqual(["createQuote"]);
    expect((await gateway.anonymous.query("{ __schema { mutationType { name } } }")).data.__schema.mutationType).toBeNull();
  });

  test("an operation that looks at the schema and reads beside it is answered whole", async ({ gateway }) => {
    const { data, errors } = await gateway.anonymous.query('query Both { __schema { queryType { name } } plan(key: "free") { key product { key } } }');
    expect(errors).toEqual([]);
    expect(data).toEqual({ __schema: { queryType: { name: "Query" } }, plan: { key: "free", product: { key: "music" } } });
    const hidden = await gateway.anonymous.query('{ __schema { queryType { name } } plan(key: "free") { internalNote } }');
    expect([hidden.status, hidden.errors[0]?.extensions["code"]]).toEqual([400, "GRAPHQL_VALIDATION_FAILED"]);
    const failing = await gateway.anonymous.query("{ __schema { queryType { name } } plans(first: 0) { totalCount } }");
    expect(failing.errors[0]?.extensions["code"]).toBe("INVALID_PAGE_SIZE");
    expect(failing.text).not.toContain("stack");
    const wrong = await gateway.anonymous.query("query ($n: String!) { __type(name: $n) { name } }", { n: 1 });
    expect([wrong.status, wrong.errors[0]?.extensions["code"]]).toEqual([400, "BAD_USER_INPUT"]);
  });

  test("is not told by suggestions", async ({ gateway }) => {
    const { text } = await gateway.anonymous.query('{ plan(key: "free") { internalNot } apiKey { x } }');
    expect(text).toContain("internalNot");
    expect(text).not.toMatch(/did you mean/i);
  });
});
