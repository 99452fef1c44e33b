import { isNonNullType, isObjectType } from "graphql";
import { describe, expect } from "vitest";
import { PERMISSIONS, ROLES, type Role } from "../../src/access/permission.js";
import { checkPermissionMap, mergePermissionMaps } from "../../src/graphql/schema/permissions.js";
import { permissionMap } from "../../src/graphql/schema/schema.js";
import { test } from "../support/api.js";

const INTERNAL = [
  ["Discount", "{ discounts(first: 1) { edges { node { FIELD } } } }", ["codes", "limits { total }", "secretCodes", "internalNote"]],
  ["Plan", '{ plan(key: "free") { FIELD } }', ["internalNote"]],
  ["Feature", "{ features(first: 1) { edges { node { FIELD } } } }", ["internalNote"]],
  ["Entitlement", "{ entitlements(first: 1) { edges { node { FIELD } } } }", ["rollout"]],
  ["Release", "{ release { FIELD } }", ["author", "note"]],
  ["Price", "{ prices(first: 1) { edges { node { FIELD } } } }", ["existingFrom"]],
] as const;

const WAYS = {
  plain: (query: string, field: string) => query.replace("FIELD", field),
  alias: (query: string, field: string) => query.replace("FIELD", `innocent: ${field}`),
  "inline fragment": (query: string, field: string, type: string) => query.replace("FIELD", `... on ${type} { ${field} }`),
  fragment: (query: string, field: string, type: string) => `${query.replace("FIELD", "...f")} fragment f on ${type} { ${field} }`,
};

describe("fields that need a permission", () => {
  for (const [type, query, fields] of INTERNAL) {
    for (const field of fields) {
      for (const [way, write] of Object.entries(WAYS)) {
        test(`${type}.${field} by ${way}`, async ({ gateway }) => {
          const document = write(query, field, type);
          const anonymous = await gateway.anonymous.query(document);
          expect(anonymous.errors[0]?.extensions["code"]).toBe("UNAUTHENTICATED");
          const partner = await (await gateway.as("partner")).query(document);
          expect(partner.errors[0]?.extensions["code"]).toBe("FORBIDDEN");
          const editor = await (await gateway.as("editor")).query(document);
          expect(editor.errors).toEqual([]);
        });
      }
    }
  }

  test("a denied field takes nothing else of the answer along", async ({ gateway }) => {
    const { data, errors } = await gateway.anonymous.query('{ plan(key: "free") { key internalNote } }');
    expect(errors).toHaveLength(1);
    expect(data).toEqual({ plan: { key: "free", internalNote: null } });
  });
});

describe("the permission map", () => {
  test("covers every field, and a field without a rule is a problem", ({ gateway }) => {
    expect(checkPermissionMap(gateway.app.schema, permissionMap)).toEqual([]);
    const { Plan, ...others } = permissionMap;
    const { rank: _rank, ...ofPlan } = Plan ?? {};
    expect(checkPermissionMap(gateway.app.schema, { ...others, Plan: ofPlan })).toEqual([
      "Plan.rank has no permission: add it to the *.permissions.ts of its concept",
    ]);
    expect(checkPermissionMap(gateway.app.schema, { ...permissionMap, Named: { name: "open" }, Nope: { x: "open" } })).toHaveLength(2);
    expect(checkPermissionMap(gateway.app.schema, { ...permissionMap, Plan: { ...Plan, nope: "open" } })).toHaveLength(1);
    expect(checkPermissionMap(gateway.app.schema, { ...permissionMap, Plan: { ...Plan, key: "catalog:read-internal" } })).toEqual([
      "Plan.key needs a permission, so it must be nullable",
    ]);
    expect(() => mergePermissionMaps([{ Plan: { key: "open" } }, { Plan: { key: "open" } }])).toThrow("Plan.key");
  });

  test("is what the descriptions say", ({ gateway }) => {
    for (const type of Object.values(gateway.app.schema.getTypeMap())) {
      if (!isObjectType(type) || type.name.startsWith("__")) continue;
      for (const field of Object.values(type.getFields())) {
        const needed = permissionMap[type.name]?.[field.name];
        const said = /Needs the permission `([^`]+)`/.exec(field.description ?? "")?.[1] ?? "open";
        expect(said, `${type.name}.${field.name}`).toBe(needed);
        if (needed !== "open" && type.name !== "Query") expect(isNonNullType(field.type)).toBe(false);
      }
    }
  });

  test("roots are closed to a caller without the permission", async ({ gateway }) => {
    // No role is without catalog:read yet, so one is taken from it for this test.
    const permissions = ROLES.partner as unknown as string[];
    const kept = permissions.splice(0);
    try {
      const { errors } = await (await gateway.asAnother("partner")).query('{ plan(key: "free") { key } node(id: "x") { id } }');
      expect(errors.map((error) => error.extensions["code"])).toEqual(["FORBIDDEN", "FORBIDDEN"]);
    } finally {
      permissions.push(...kept);
    }
  });

  test("roles hold known permissions only", () => {
    for (const role of Object.keys(ROLES) as Role[]) for (const permission of ROLES[role]) expect(PERMISSIONS).toHaveProperty([permission]);
  });
});
