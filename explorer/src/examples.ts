export type OperationKind = "query" | "mutation" | "subscription";

export interface Example {
  readonly name: string;
  readonly kind: OperationKind;
  readonly title: string;
  readonly description: string;
  readonly query: string;
  readonly variables: string;
}

// `#operations` is the folder that the build was given; the globs are resolved at build time, and may match nothing.
const documents = import.meta.glob<string>("#operations/*.graphql", { query: "?raw", import: "default", eager: true });
const variables = import.meta.glob<string>("#operations/*.variables.json", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Every example, the pricing page first and the rest in the order of their file names. */
export const examples: readonly Example[] = Object.entries(documents)
  .map(([path, text]) => toExample(text, variables[path.replace(/\.graphql$/, ".variables.json")] ?? ""))
  .filter((example) => example !== null)
  .sort((one, other) => Number(isPricingPage(other)) - Number(isPricingPage(one)));

export function findFirstExample(): Example | null {
  return examples[0] ?? null;
}

/**
 * One file is one named operation. The `#` lines above it are its title (the first) and its description (the others).
 * A file without a named operation, one of fragments only for instance, is no example and gives null.
 */
function toExample(text: string, variables: string): Example | null {
  const operation = /^\s*(query|mutation|subscription)\s+(\w+)/m.exec(text);
  if (!operation) return null;
  const [, kind, name] = operation as unknown as [string, OperationKind, string];
  const heading = /^(?:\s*#.*\n)*/.exec(text)?.[0] ?? "";
  const [title = spaceOut(name), ...description] = commentLines(heading);
  // The panel says what the heading says; the editor shows the operation alone.
  const query = text.slice(heading.length).trim();
  return { name, kind, title, description: description.join(" "), query, variables: layOut(variables) };
}

function commentLines(heading: string): string[] {
  return heading
    .split("\n")
    .map((line) => line.replace(/^\s*#\s?/, "").trim())
    .filter((line) => line !== "");
}

/** One variable a line, however the file was written. */
function layOut(json: string): string {
  return json.trim() === "" ? "" : JSON.stringify(JSON.parse(json), null, 2);
}

/** `PricingPage` becomes `Pricing page`. */
function spaceOut(name: string): string {
  const words = name.replace(/([a-z\d])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function isPricingPage(example: Example): boolean {
  return /pricing_?page/i.test(example.name);
}
