import type { CatalogKey } from "../../../../kernel/key.js";
import type { PriceSlot } from "../../../prices/price.js";
import { Trouble } from "../../problem.js";
import { readCurrency, readInstant, readInterval, readKey } from "../../shapes/values.js";
import type { PriceCells } from "./price-cells.js";

/** Where the price stands; a part that is broken is `undefined`. That plan and market exist is checked elsewhere. */
export type ReadSlot = { readonly [Part in keyof PriceSlot]: PriceSlot[Part] | undefined };

export function readSlot(cells: PriceCells): ReadSlot {
  return {
    planKey: cells.need("plan", readKey),
    marketKey: cells.need("market", readKey),
    currency: cells.need("currency", readCurrency),
    interval: cells.need("interval", readInterval),
    channel: cells.read("channel", (text) => readAudience("channel", text)),
    segment: cells.read("segment", (text) => readAudience("segment", text)),
  };
}

export function isWholeSlot(slot: ReadSlot): slot is PriceSlot {
  return Object.values(slot).every((part) => part !== undefined);
}

export interface PriceTimes {
  readonly from: Date;
  readonly until: Date | null;
  readonly existing: Date | "KEEP" | null;
}

/** When the price holds; `undefined` if a part of it cannot be read. */
export function readTimes(cells: PriceCells): PriceTimes | undefined {
  const from = cells.need("from", readInstant);
  const until = cells.read("until", readInstant);
  const existing = cells.read("existing", (text) => (text === "KEEP" ? text : readExisting(text)));
  if (!from || until === undefined || existing === undefined) return undefined;
  if (until && until.getTime() <= from.getTime())
    cells.refuse("until", "PERIOD_EMPTY", "until is not later than from, so the price is never in force. It is the first instant no longer covered.");
  if (existing instanceof Date && existing.getTime() < from.getTime())
    cells.refuse("existing", "EXISTING_TOO_EARLY", "The price would reach existing subscriptions before it is in force. Give from or a later date, or KEEP.");
  return { from, until, existing };
}

function readAudience(what: string, text: string): CatalogKey | Trouble {
  return text === "*" ? new Trouble("KEY_MALFORMED", `"*" is no key. Leave the cell empty for every ${what}.`) : readKey(text);
}

function readExisting(text: string): Date | Trouble {
  const instant = readInstant(text);
  if (!(instant instanceof Trouble)) return instant;
  return new Trouble(instant.code, `${instant.message} Or KEEP: existing subscriptions keep the price they have.`);
}
