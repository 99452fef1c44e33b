import pg, { type CustomTypesConfig } from "pg";

/** Longer texts are hardly ever said twice. */
const MAX_LENGTH = 40;
const MAX_VALUES = 50_000;

type Parse = (text: string) => unknown;

/**
 * Lets rows share what they say alike: plans, markets, currencies, instants. Each value of a row would otherwise be a text or a date of
 * its own, which is most of what a price weighs.
 */
export class SharedValues {
  private readonly texts = new Map<string, string>();
  private readonly instants = new Map<string, unknown>();
  private readonly integers = new Map<string, unknown>();

  /** Reads values as `types` does, and equal ones as the same. */
  types(types: CustomTypesConfig): CustomTypesConfig {
    const { TIMESTAMPTZ, INT8 } = pg.types.builtins as Record<string, number>;
    return {
      getTypeParser: (oid, format) => {
        const parse = types.getTypeParser(oid, format) as Parse;
        if (format === "binary") return parse;
        if ((oid as number) === TIMESTAMPTZ) return (text: string) => share(this.instants, text, parse);
        if ((oid as number) === INT8) return (text: string) => share(this.integers, text, parse);
        // Texts, decimals, and enums, which have types of their own.
        return (text: string) => {
          const value = parse(text);
          return typeof value === "string" && value.length <= MAX_LENGTH ? share(this.texts, value, String) : value;
        };
      },
    };
  }
}

function share<Value>(known: Map<string, Value>, text: string, parse: (text: string) => Value): Value {
  const value = known.get(text);
  if (value !== undefined) return value;
  if (known.size >= MAX_VALUES) known.clear();
  const parsed = parse(text);
  known.set(text, parsed);
  return parsed;
}
