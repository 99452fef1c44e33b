import pg from "pg";

/** `bigint[]` has no name in the list of types that pg brings. */
const INT8_ARRAY = 1016 as number;

/**
 * How raw queries read values: as pg does, except that int8 is a bigint (a double loses digits beyond 2^53, a string
 * compares as text). Given to each connection rather than set globally, because other packages share `pg`; Prisma brings
 * its own with every query.
 */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (format !== "binary" && oid === pg.types.builtins.INT8) return BigInt;
    const parse = pg.types.getTypeParser(oid, format) as (text: string) => unknown;
    return format !== "binary" && oid === INT8_ARRAY ? (text: string) => toBigInt(parse(text)) : parse;
  },
};

/** Elements come as texts, null stays null, and arrays may be nested. */
function toBigInt(element: unknown): unknown {
  if (Array.isArray(element)) return element.map(toBigInt);
  return typeof element === "string" ? BigInt(element) : element;
}
