import { createHash } from "node:crypto";
import { print } from "graphql";

/**
 * A plugin of graphql-codegen: the manifest of the documents as clients send them, each by the SHA-256 of its text. A client sends
 * an operation with the fragments that it spreads, printed by GraphQL's own printer, which is what is hashed here.
 */
export function plugin(_schema, files) {
  const definitions = files.flatMap(({ document }) => document?.definitions ?? []);
  const fragments = new Map(definitions.flatMap((definition) => (definition.kind === "FragmentDefinition" ? [[definition.name.value, definition]] : [])));
  const texts = definitions
    .filter(({ kind }) => kind === "OperationDefinition")
    .map((operation) => print({ kind: "Document", definitions: [operation, ...spreadBy(operation, fragments)] }));
  const manifest = texts.map((text) => [`sha256:${createHash("sha256").update(text).digest("hex")}`, text]).sort(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(manifest), null, 2)}\n`;
}

/** The fragments that a definition spreads, and those that they spread, in the order in which they are met. */
function spreadBy(definition, fragments) {
  const found = new Set();
  const walk = (node) => {
    for (const selection of node.selectionSet?.selections ?? []) {
      const fragment = selection.kind === "FragmentSpread" ? fragments.get(selection.name.value) : undefined;
      if (fragment && !found.has(fragment)) {
        found.add(fragment);
        walk(fragment);
      }
      walk(selection);
    }
  };
  walk(definition);
  return [...found];
}
