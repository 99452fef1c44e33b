import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as graphqlEslint from "@graphql-eslint/eslint-plugin";
import { ESLint, type Linter, type Rule } from "eslint";
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from "graphql";
import { expect, test } from "vitest";

const PROJECT = join(import.meta.dirname, "..", "..");
const FILE = join(PROJECT, "schema.graphql");
const schema = buildSchema(readFileSync(FILE, "utf8"));

/** What these rules ask for is not what this schema wants; everything else of the two sets holds as it comes. */
const EXCEPTIONS: Linter.RulesRecord = {
  // The schema is printed in plain alphabetical order; the set's own order puts `id` first, and compares `_` in words of enums otherwise.
  "@graphql-eslint/alphabetize": [
    "error",
    {
      definitions: true,
      fields: ["ObjectTypeDefinition", "InterfaceTypeDefinition", "InputObjectTypeDefinition"],
      arguments: ["FieldDefinition", "Field", "DirectiveDefinition", "Directive"],
    },
  ],
  // Money, pages and values of entitlements are values: two that are equal are one. What has an identity is tested below.
  "@graphql-eslint/strict-id-in-types": "off",
  // The set allows no mutation unless it is told that there are some.
  "@graphql-eslint/no-root-type": ["error", { disallow: ["subscription"] }],
  // A root list is there or its request failed; null would be a third thing that every caller had to think of.
  "@graphql-eslint/require-nullable-result-in-root": "off",
  // Short lists that are bounded by the catalog itself (the add-ons of a plan) are plain lists.
  "@graphql-eslint/relay-edge-types": ["error", { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false }],
};

test("the schema keeps the rules of graphql-eslint for schemas and for Relay", async () => {
  const { configs, parser, rules } = graphqlEslint;
  const eslint = new ESLint({
    cwd: PROJECT,
    overrideConfigFile: true,
    overrideConfig: {
      files: ["**/*.graphql"],
      plugins: { "@graphql-eslint": { rules: rules as unknown as Record<string, Rule.RuleModule> } }, // Its contexts know more than ESLint's own.
      languageOptions: { parser, parserOptions: { graphQLConfig: { schema: FILE } } },
      rules: { ...(configs["flat/schema-all"].rules as Linter.RulesRecord), ...configs["flat/schema-relay"].rules, ...EXCEPTIONS },
    },
  });
  const results = await eslint.lintFiles([FILE]);
  expect(results).toHaveLength(1);
  expect(results.flatMap(({ messages }) => messages.map(({ line, message, ruleId }) => `schema.graphql:${line} ${message} (${ruleId})`))).toEqual([]);
});

test("everything in the schema has a description", () => {
  expect(everything().flatMap(({ name, description }) => ((description ?? "").trim() === "" ? [name] : []))).toEqual([]);
});

test("exactly what has an id can be asked for by it", () => {
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !isIntrospectionType(type));
  const nodes = new Set(schema.getImplementations(schema.getType("Node") as never).objects.map(({ name }) => name));
  const withId = types.filter((type) => isObjectType(type) && "id" in type.getFields()).map(({ name }) => name);
  expect(withId).toEqual([...nodes]);
});

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

/** Types, fields, arguments, enum values, input fields and directives, each named so that it is found in the file. */
function everything(): readonly Described[] {
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type));
  const members = types.flatMap((type): readonly Described[] => {
    if (isEnumType(type)) return type.getValues().map(inside(type.name));
    if (isInputObjectType(type)) return Object.values(type.getFields()).map(inside(type.name));
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) => [inside(type.name)(field), ...field.args.map(inside(`${type.name}.${field.name}`))]);
  });
  const directives = schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive));
  const directiveMembers = directives.flatMap(({ name, description, args }) => [{ name: `@${name}`, description }, ...args.map(inside(`@${name}`))]);
  return [...types, ...members, ...directiveMembers];
}

function inside(parent: string): (member: Described) => Described {
  return ({ name, description }) => ({ name: `${parent}.${name}`, description });
}
