import { Decimal } from "../../../../kernel/decimal.js";

/** Freezes an entity with all that it consists of: it is handed to every request. Decimals and dates are left; nobody writes to those. */
export function freeze<Value extends object>(value: Value): Value {
  // Without a list of its values: this is asked of every row, and none of them has anything by inheritance.
  for (const name in value) {
    const part: unknown = value[name];
    if (typeof part === "object" && part !== null && !(part instanceof Date) && !Decimal.isDecimal(part) && !Object.isFrozen(part)) freeze(part);
  }
  return Object.freeze(value);
}
