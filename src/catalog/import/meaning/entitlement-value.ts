import type { EntitlementValue } from "../../entitlements/entitlement.js";
import type { Feature } from "../../features/feature.js";
import { didYouMean } from "../nearest.js";
import { Trouble } from "../problem.js";
import type { EntitlementText } from "../shapes/plan.shape.js";
import { readDecimal } from "../shapes/values.js";
import { show } from "../source.js";

/** What is known of a feature; what is broken is `undefined`, and any value fits it. */
export type KnownFeature = Partial<Pick<Feature, "kind" | "allowedValues">>;

/** Reads the value of an entitlement as its feature has it; null if the feature is broken. */
export function readEntitlementValue(text: EntitlementText, { kind, allowedValues }: KnownFeature): EntitlementValue | Trouble | null {
  const wrong = (expected: string, hint = ""): Trouble =>
    new Trouble("ENTITLEMENT_WRONG_VALUE", `${show(text)} is no value of this ${kind}. Give ${expected}.${hint}`);
  switch (kind) {
    case "SWITCH":
      if (typeof text === "boolean") return { kind, enabled: text };
      return wrong("true or false", text === "true" || text === "false" ? " Remove the quotes." : "");
    case "SETTING":
      if (!allowedValues) return null;
      if (typeof text === "string" && allowedValues.includes(text)) return { kind, setting: text };
      return wrong(
        `one of ${allowedValues.slice(0, 20).join(", ")}`,
        typeof text === "string" ? didYouMean(text, allowedValues) : " Put it in quotes if it is meant as a text.",
      );
    case "CAP": {
      if (typeof text !== "string") return wrong("an amount or unlimited");
      if (text === "unlimited") return { kind, amount: null };
      const amount = readDecimal(text, { integer: 14, fraction: 6 });
      if (!(amount instanceof Trouble)) return { kind, amount };
      return amount.code === "NUMBER_MALFORMED" ? wrong("a plain number such as 15, or unlimited") : amount;
    }
    default:
      return null;
  }
}

/** Two values that say the same are one text. */
export function valueText(value: EntitlementValue): string {
  switch (value.kind) {
    case "SWITCH":
      return `SWITCH ${value.enabled}`;
    case "SETTING":
      return `SETTING ${value.setting}`;
    case "CAP":
      return `CAP ${value.amount === null ? "unlimited" : value.amount.toFixed()}`;
  }
}
