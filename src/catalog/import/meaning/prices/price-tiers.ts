import type { CurrencyCode } from "../../../../kernel/currency.js";
import type { Decimal } from "../../../../kernel/decimal.js";
import { Trouble } from "../../problem.js";
import type { TierText } from "../../shapes/price.shape.js";
import { readAmount, readDecimal } from "../../shapes/values.js";
import { show } from "../../source.js";
import type { PriceCells } from "./price-cells.js";

type Digits = Parameters<typeof readDecimal>[1];

/** The tiers in the one spelling that the database keeps; null if there are none. */
export function readPriceTiers(cells: PriceCells, currency: CurrencyCode, digits: { rate: Digits; units: Digits }): Record<string, string | null>[] | null {
  const { tiers } = cells.text;
  if (!tiers) return null;
  let previous: Decimal | null = null;
  return tiers.map((tier, index) => {
    const refuse = (trouble: Trouble): void => {
      cells.refuse("tiers", trouble.code, `Tier ${index + 1}: ${trouble.message}`);
    };
    const read = <T>(text: string | null, how: (text: string) => T | Trouble): T | null => {
      const value = text === null ? null : how(text);
      if (!(value instanceof Trouble)) return value;
      refuse(value);
      return null;
    };
    const upTo = read(tier.upTo, (text) => readDecimal(text, digits.units));
    const trouble = checkEnd(tier, upTo, previous, index === tiers.length - 1);
    if (trouble) refuse(trouble);
    previous = upTo ?? previous;
    return {
      upTo: upTo?.toFixed() ?? null,
      unitRate: read(tier.rate, (text) => readDecimal(text, digits.rate))?.toFixed() ?? "0",
      flatFeeMinor: (read(tier.flatFee, (text) => readAmount(text, currency)) ?? 0n).toString(),
    };
  });
}

/** Upper ends rise and the last tier is open, so that every quantity has exactly one tier. */
function checkEnd({ upTo: written }: TierText, upTo: Decimal | null, previous: Decimal | null, isLast: boolean): Trouble | null {
  if (isLast && written !== null)
    return new Trouble("TIERS_NOT_CLOSED", `The last tier ends at ${written}, so larger quantities would have no price. Leave its upper end open.`);
  if (!isLast && written === null) return new Trouble("TIERS_NOT_CLOSED", "Only the last tier may have no upper end. Give one, or remove the tiers after it.");
  if (upTo === null || upTo.gt(previous ?? 0)) return null;
  return new Trouble("TIERS_NOT_RISING", `Its upper end ${show(written)} is not above ${previous?.toFixed() ?? "0"}. Upper ends rise from tier to tier.`);
}
