import { Decimal } from "../../../kernel/decimal.js";

const MAX_VALUES = 10_000;

const known = new Map<string, Decimal>();

/** A decimal as the database writes it. Equal ones are one object, since a catalog says the same few rates over and over. */
export function sharedDecimal(text: string): Decimal {
  let decimal = known.get(text);
  if (!decimal) {
    if (known.size >= MAX_VALUES) known.clear();
    known.set(copyOf(text), (decimal = new Decimal(text)));
  }
  return decimal;
}

/** The text may be cut from a much longer one, which would be kept with it. */
function copyOf(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}

export function sharedDecimalOrNull(text: string | null): Decimal | null {
  return text === null ? null : sharedDecimal(text);
}
