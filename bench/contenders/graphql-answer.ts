/** The data of an answer, without what tells it is a list: `{edges: [{node}]}` and `{nodes: […]}` are taken for their items. Throws if there are errors. */
export function readData(answer: string): unknown {
  const { data, errors } = JSON.parse(answer) as { data?: unknown; errors?: unknown };
  if (errors !== undefined || data === undefined) throw new Error(`not answered: ${answer.slice(0, 500)}`);
  return withPlainLists(data);
}

function withPlainLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPlainLists);
  if (!isRecord(value)) return value;
  if (Array.isArray(value["nodes"])) return value["nodes"].map(withPlainLists);
  if (Array.isArray(value["edges"])) return value["edges"].map((edge: unknown) => withPlainLists(isRecord(edge) ? edge["node"] : edge));
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withPlainLists(field)]));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
