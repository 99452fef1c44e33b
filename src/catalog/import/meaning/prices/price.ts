import { priceKey } from "../../../prices/price.js";
import type { DataRow } from "../../../releases/versioned-tables.js";
import type { Report } from "../../problem.js";
import type { PriceText } from "../../shapes/price.shape.js";
import type { Read, Source } from "../../source.js";
import type { CheckReference } from "../next-catalog.js";
import { readCharge } from "./price-charge.js";
import { priceCells } from "./price-cells.js";
import { isWholeSlot, readSlot, readTimes } from "./price-slot.js";

/** A price that is sound by itself; whether it goes with the others is asked of all of them together. */
export interface SoundPrice {
  readonly row: DataRow<"price">;
  /** Whether it says from when it reaches existing subscriptions, or that it never does. */
  readonly saysExisting: boolean;
}

/** Reads a price, or reports everything that is wrong with it and returns null. */
export function readPrice(text: Read<PriceText>, source: Source, check: CheckReference, report: Report): SoundPrice | null {
  const cells = priceCells(text, source, report);
  const slot = readSlot(cells);
  const times = readTimes(cells);
  const charge = readCharge(cells, slot.currency);
  const hasPlan = check("plans", slot.planKey, source.place("plan"));
  const hasMarket = check("markets", slot.marketKey, source.place("market"));
  if (!isWholeSlot(slot) || !times || !hasPlan || !hasMarket || !cells.areSound()) return null;
  return {
    saysExisting: times.existing !== null,
    row: {
      key: priceKey(slot, times.from),
      plan_key: slot.planKey,
      market_key: slot.marketKey,
      currency: slot.currency,
      interval: slot.interval,
      channel: slot.channel,
      segment: slot.segment,
      effective_from: times.from.toISOString(),
      effective_until: times.until?.toISOString() ?? null,
      existing_from: times.existing instanceof Date ? times.existing.toISOString() : null,
      ...charge,
    },
  };
}
