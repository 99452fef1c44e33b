import { LIMITS } from "../limits.js";
import { Trouble } from "../problem.js";
import { show } from "../source.js";
import type { TierText } from "./price.shape.js";

const TIER = /^([^@+]*)@([^@+]*)(?:\+([^@+]*))?$/;

/** Reads the tiers of a cell: "100@0.10; 500@0.05+2.00; *@0.02" is upTo@rate+flatFee, `*` is no upper end. */
export function parseTiers(text: string): readonly TierText[] | Trouble {
  const tiers: TierText[] = [];
  const parts = text.split(";").map((part) => part.trim());
  if (parts.at(-1) === "") parts.pop();
  if (parts.length > LIMITS.tiers) return new Trouble("LIST_TOO_LONG", `There are ${parts.length} tiers, at most ${LIMITS.tiers} are allowed.`);
  for (const part of parts) {
    const [, upTo, rate, flatFee] = TIER.exec(part)?.map((piece: string | undefined) => piece?.trim()) ?? [];
    if (!upTo || !rate || flatFee === "")
      return new Trouble(
        "TIERS_MALFORMED",
        `${show(part)} is no tier. Write upTo@rate or upTo@rate+flatFee, with semicolons between tiers and * as the last upTo: 100@0.10; *@0.05+2.00.`,
      );
    tiers.push({ upTo: upTo === "*" ? null : upTo, rate, flatFee: flatFee ?? null });
  }
  return tiers;
}
