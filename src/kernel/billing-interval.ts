/** How often a price is charged: "P1M", "P1Y", "P1W", "P10D", or "ONCE". */
export type BillingInterval = string;

const INTERVAL = /^P([1-9][0-9]{0,2})([DWMY])$/;

/**
 * Reads an ISO 8601 duration of one unit, or ONCE, in its one canonical spelling: twelve months are a year, seven days a
 * week. Days and months are never converted into each other. Null if `text` is no interval.
 */
export function parseBillingInterval(text: string): BillingInterval | null {
  if (text === "ONCE") return text;
  const match = INTERVAL.exec(text);
  if (!match) return null;
  const count = Number(match[1]);
  if (match[2] === "M" && count % 12 === 0) return `P${count / 12}Y`;
  if (match[2] === "D" && count % 7 === 0) return `P${count / 7}W`;
  return text;
}
