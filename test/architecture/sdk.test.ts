import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { buildSchema, type GraphQLError, Kind, parse, validate } from "graphql";
import { getVariableValues } from "graphql/execution/values.js";
import ts from "typescript";
import { beforeAll, describe, expect, test } from "vitest";
import { generateSdk, projectFolder, type GeneratedFile } from "./support/sdk-project.js";

const OPERATIONS = join(projectFolder, "sdk", "operations");
const schema = buildSchema(readFileSync(join(projectFolder, "schema.graphql"), "utf8"));

describe("the generated code", () => {
  let files: readonly GeneratedFile[];
  beforeAll(async () => {
    files = await generateSdk();
  });

  test("is made of this schema and these operations", async () => {
    const stale: string[] = [];
    for (const { path, content } of files) {
      const there = await readFile(join(projectFolder, path), "utf8").catch(() => null);
      if (there !== content) stale.push(path);
    }
    expect(stale, "Run: npm run codegen").toEqual([]);
  });

  test("leaves nothing untyped: no `any`, and no scalar that is `unknown`", () => {
    const untyped = files.flatMap(({ path, content }) => untypedLines(path, content));
    expect(untyped).toEqual([]);
  });
});

describe("the operations", () => {
  const names = readdirSync(OPERATIONS).flatMap((file) => (file.endsWith(".graphql") ? [basename(file, ".graphql")] : []));

  test("are there", () => expect(names).not.toEqual([]));

  test.each(names)("%s is valid, bears the name of its file, and its example variables fit", async (name) => {
    const document = parse(await readFile(join(OPERATIONS, `${name}.graphql`), "utf8"));
    expect(validate(schema, document).map(({ message }) => message)).toEqual([]);

    const [operation, ...others] = document.definitions.flatMap((definition) => (definition.kind === Kind.OPERATION_DEFINITION ? [definition] : []));
    expect(others).toEqual([]);
    expect(operation?.name?.value).toBe(name);

    const variables = JSON.parse(await readFile(join(OPERATIONS, `${name}.variables.json`), "utf8")) as Record<string, unknown>;
    const known = operation?.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [];
    expect(Object.keys(variables).filter((variable) => !known.includes(variable))).toEqual([]);
    expect(problems(getVariableValues(schema, operation?.variableDefinitions ?? [], variables))).toEqual([]);
  });
});

function problems({ errors = [] }: { readonly errors?: readonly GraphQLError[] }): readonly string[] {
  return errors.map(({ message }) => message);
}

function untypedLines(path: string, content: string): readonly string[] {
  const source = ts.createSourceFile(path, content, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(`${path}:${source.getLineAndCharacterOfPosition(node.pos).line + 1} has an any`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.concat(/(input|output): unknown/.test(content) ? [`${path}: a scalar is not mapped in codegen.yml`] : []);
}
