import pg from "pg";

type Parse = (text: string) => unknown;

/** Arrays have no names in the list of types that pg brings. */
const INT8_ARRAY = 1016 as number;
const TEXT_ARRAY = 1009 as number;

/**
 * How raw queries read values: as pg does, except that int8 is a bigint (a double loses digits beyond 2^53, a string
 * compares as text). Given to each connection rather than set globally, because other packages share `pg`; Prisma brings
 * its own with every query. Instants and lists of texts are read here where they are plain, which takes a fifth of the time.
 */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (format !== "binary" && oid === pg.types.builtins.INT8) return BigInt;
    const parse = pg.types.getTypeParser(oid, format) as Parse;
    return format === "binary" ? parse : ownParser(oid, parse);
  },
};

/** How texts of a type are read, of which there are more than pg has names for; null = the text is the value. */
export function textParserOf(oid: number): Parse | null {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the enum has the types that are built in
  const parse = valueTypes.getTypeParser(oid, "text") as Parse;
  return parse === pg.types.getTypeParser(pg.types.builtins.TEXT, "text") ? null : parse;
}

function ownParser(oid: number, parse: Parse): Parse {
  switch (oid) {
    case INT8_ARRAY:
      return (text) => toBigInt(parse(text));
    case TEXT_ARRAY:
      return (text) => (PLAIN_TEXTS.test(text) ? plainTexts(text) : parse(text));
    case pg.types.builtins.TIMESTAMPTZ:
      return (text) => readInstant(text, parse);
    default:
      return parse;
  }
}

/** The instant that was read last: those of a list are often the same. */
let last: { readonly text: string; readonly time: number } | null = null;

function readInstant(text: string, parse: Parse): unknown {
  if (last?.text === text) return new Date(last.time);
  if (!PLAIN_INSTANT.test(text)) return parsedInstant(text, parse);
  const instant = new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
  last = { text, time: instant.getTime() };
  return instant;
}

/** Throws for what a session writes whose DateStyle is not ISO: pg reads it as null, which would be an end that never comes. */
function parsedInstant(text: string, parse: Parse): unknown {
  const instant = parse(text);
  if (instant === null) throw new RangeError(`the database writes an instant as ${text}, which cannot be read: its DateStyle has to be ISO`);
  return instant;
}

/** A time of a session in UTC, which is the default of a server. */
const PLAIN_INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,3})?\+00$/;
/** Neither quotes nor nulls nor arrays within: NULL stands there in capitals, and so does any text with an N of its own go the long way. */
const PLAIN_TEXTS = /^\{[^"\\{}N]*\}$/;

function plainTexts(text: string): string[] {
  return text === "{}" ? [] : text.slice(1, -1).split(",");
}

/** Elements come as texts, null stays null, and arrays may be nested. */
function toBigInt(element: unknown): unknown {
  if (Array.isArray(element)) return element.map(toBigInt);
  return typeof element === "string" ? BigInt(element) : element;
}
