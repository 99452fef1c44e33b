import type { DataRow } from "../../releases/versioned-tables.js";
import type { PolicyFields } from "../shapes/policy.shape.js";
import { wholeFields, type Draft } from "../source.js";

export function checkPolicies(drafts: readonly Draft<PolicyFields>[]): DataRow<"policy">[] {
  return wholeFields(drafts).map(({ key, choice, application }) => ({ key, choice, application }));
}
