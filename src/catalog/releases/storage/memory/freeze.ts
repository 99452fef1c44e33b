import { Decimal } from "../../../../kernel/decimal.js";

/** Freezes an entity with all that it consists of: it is handed to every request. Decimals and dates are left; nobody writes to those. */
export function freeze<Value extends object>(value: Value): Value {
  for (const part of Object.values(value)) {
    if (typeof part === "object" && part !== null && !Object.isFrozen(part) && !(part instanceof Date) && !Decimal.isDecimal(part)) freeze(part);
  }
  return Object.freeze(value);
}
