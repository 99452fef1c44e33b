import type { GraphQLFormattedError } from "graphql";

/**
 * Errors in the order of the answer that they are missing from. They happen in the order in which the database answers, which says something of how
 * long each answer took, and would make the same request have other bytes each time.
 */
export function inOrderOfAnswer<E extends Pick<GraphQLFormattedError, "path" | "locations">>(errors: readonly E[]): E[] {
  return [...errors].sort((a, b) => comparePlaces(placeOf(a), placeOf(b)) || comparePlaces(a.path ?? [], b.path ?? []));
}

/** Where in the document the field stands. */
function placeOf({ locations }: Pick<GraphQLFormattedError, "locations">): number[] {
  const [first] = locations ?? [];
  return first ? [first.line, first.column] : [];
}

function comparePlaces(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, step] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (step !== other) return step < other ? -1 : 1;
  }
  return a.length - b.length;
}
