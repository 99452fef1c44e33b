import { InputError } from "./input-error.js";

const MAX_VALUES = 500;

/** Refuses filters with more values than one statement should carry. */
export function checkFilterSize(filter: object | null | undefined): void {
  for (const [field, value] of Object.entries(filter ?? {})) {
    if (Array.isArray(value) && value.length > MAX_VALUES)
      throw new InputError("TOO_MANY_VALUES", `filter.${field} has ${value.length} values; at most ${MAX_VALUES} go in one request.`, `filter.${field}`);
  }
}
