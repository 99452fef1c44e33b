import type { Database } from "../../src/platform/database/database.js";
import type { Answer, Caller, Gateway, Json } from "./api.js";
import { publish } from "./catalog.js";

/**
 * A catalog to ask quotes of. Sweden is taxed at 25 % and pays in crowns, Germany is taxed at 19 %, in the United States
 * nobody knows the tax; prices there are without it. `seats` is paid by the unit, `storage` is sold to nobody yet.
 */
export const QUOTE_CATALOG = {
  "quotes.yaml": `
markets:
  - { key: europe, kind: GROUP, name: Europe, currency: EUR, timeZone: Etc/UTC, taxRate: 25 }
  - { key: se, country: SE, parent: europe, name: Sweden, currency: SEK, timeZone: Europe/Stockholm }
  - { key: de, country: DE, parent: europe, name: Germany, currency: EUR, timeZone: Europe/Berlin, taxRate: 19 }
  - { key: us, country: US, name: United States, currency: USD, timeZone: America/New_York }
products:
  - { key: music, name: Music }
  - { key: extras, name: Extras }
  - { key: teams, name: Teams }
  - { key: desks, name: Desks }
plans:
  - { key: basic, product: music, rank: 1, name: Basic }
  - { key: premium, product: music, rank: 2, name: Premium, addOns: [stories] }
  - { key: stories, product: extras, kind: ADD_ON, rank: 1, name: Stories }
  - { key: seats, product: teams, rank: 1, name: Seats }
  - { key: desk, product: desks, rank: 1, name: Desk }
  - { key: storage, product: desks, rank: 2, name: Storage }
prices:
  - { plan: basic, market: se, currency: SEK, interval: P1M, amount: 59, from: 2026-01-01 }
  - { plan: premium, market: se, currency: SEK, interval: P1M, amount: 119, from: 2026-01-01 }
  - { plan: premium, market: se, currency: SEK, interval: P1Y, amount: 1190, from: 2026-01-01 }
  - { plan: premium, market: europe, currency: EUR, interval: P1M, amount: 10.99, from: 2026-01-01 }
  - { plan: premium, market: us, currency: USD, interval: P1M, amount: 11.99, from: 2026-01-01, taxIncluded: false }
  - { plan: stories, market: se, currency: SEK, interval: P1M, amount: 49, from: 2026-01-01, taxIncluded: false }
  - { plan: stories, market: europe, currency: EUR, interval: P1M, amount: 4.99, from: 2026-01-01 }
  - { plan: seats, market: de, currency: EUR, interval: P1M, model: PER_UNIT, rate: 1000, from: 2026-01-01 }
  - { plan: desk, market: de, currency: EUR, interval: P1M, model: PER_UNIT, rate: 1000, from: 2026-01-01 }
discounts:
  - { key: intro, name: Intro, benefit: { percent: 50 }, duration: { periods: 2 }, activation: AUTOMATIC, when: { plans: [premium], newCustomersOnly: true }, stacking: { group: intro, priority: 10 }, limits: { perCustomer: 1 }, from: 2026-01-01 }
  - { key: twenty-off, name: Twenty off, benefit: { amount: { SEK: 20, EUR: 2 } }, duration: ONCE, activation: CODE, codes: [SPRING-26, VAR-26], when: { plans: [premium] }, from: 2026-01-01 }
  - { key: students, name: Students, benefit: { percent: 30 }, duration: FOREVER, activation: CODE, codes: [STUDENT], when: { segments: [student] }, from: 2026-01-01 }
  - { key: rival, name: Rival, benefit: { percent: 10 }, duration: ONCE, activation: CODE, codes: [RIVAL], when: { plans: [premium] }, stacking: { group: intro, priority: 5 }, from: 2026-01-01 }
  - { key: nothing, name: Nothing, benefit: { fixedPrice: { SEK: 9000 } }, duration: ONCE, activation: CODE, codes: [NOTHING], when: { plans: [premium] }, from: 2026-01-01 }
  - { key: winter, name: Winter, benefit: { percent: 5 }, duration: ONCE, activation: CODE, codes: [WINTER-25], from: 2025-11-01, until: 2026-02-01 }
  - { key: few, name: Few, benefit: { percent: 10 }, duration: ONCE, activation: CODE, codes: [FEW], when: { plans: [basic] }, limits: { total: 2 }, from: 2026-01-01 }
  - { key: personal, name: Personal, benefit: { percent: 10 }, duration: ONCE, activation: CODE, codes: [PERSONAL], when: { plans: [basic] }, limits: { perCustomer: 1 }, from: 2026-01-01 }
  - { key: purse, name: Purse, benefit: { amount: { SEK: 20, EUR: 2 } }, duration: ONCE, activation: CODE, codes: [PURSE], limits: { budget: { amount: 50, currency: SEK } }, from: 2026-01-01 }
  - { key: letters, name: Letters, benefit: { percent: 15 }, duration: ONCE, activation: CODE, codes: [LETTERS], when: { plans: [basic] }, from: 2026-01-01 }
`,
} as const;

/** Premium costs more for who is new in Sweden; who has it keeps their price. */
export const DEARER = {
  "dearer.yaml": "prices:\n  - { plan: premium, market: se, currency: SEK, interval: P1M, amount: 129, from: 2026-01-01, existing: KEEP }\n",
} as const;

/** A price for everyone from 15 July on, which reaches old subscriptions on 1 August. */
export const DEARER_SOON = {
  "soon.yaml": `
prices:
  - { plan: premium, market: se, currency: SEK, interval: P1M, amount: 129, from: 2026-01-01, until: 2026-07-15, existing: KEEP }
  - { plan: premium, market: se, currency: SEK, interval: P1M, amount: 149, from: 2026-07-15, existing: 2026-08-01 }
`,
} as const;

export const NOW = "2026-06-10T12:00:00.000Z";

/** Release 1 on 1 February, release 2 on 1 May makes premium dearer; what else is given on 1 June. Then it is 10 June. */
export async function publishQuoteCatalog(gateway: Gateway, ...more: Readonly<Record<string, string>>[]): Promise<void> {
  const { database } = gateway;
  await publishAt(database, gateway, "2026-02-01T00:00:00Z", QUOTE_CATALOG);
  await publishAt(database, gateway, "2026-05-01T00:00:00Z", DEARER);
  for (const files of more) await publishAt(database, gateway, "2026-06-01T00:00:00Z", files);
  gateway.clock.set(NOW);
}

async function publishAt(database: Database, { clock }: Gateway, instant: string, files: Readonly<Record<string, string>>): Promise<void> {
  clock.set(instant);
  await publish(database, files, {}, clock);
}

const MONEY = "{ amount currency }";
const TOTALS = `{ list ${MONEY} discount ${MONEY} amount ${MONEY} net ${MONEY} tax ${MONEY} gross ${MONEY} }`;
const LINE = `list ${MONEY} amount ${MONEY} tax { included rate net ${MONEY} tax ${MONEY} gross ${MONEY} } discounts { discount { key } amount ${MONEY} }`;

/** Everything of a quote but its working. */
export const QUOTE_FIELDS = `point { time release { number } } market { key } currency
  claims { binding customerId channel segments isNew sentence }
  lines { plan { key } quantity interval since price { key } ${LINE} }
  totals ${TOTALS}
  timeline { at totals ${TOTALS} lines { line period priceKey amount ${MONEY} discounts { discount { key } } } }
  codes { code outcome sentence discount { key } }`;

export const WORKING = `working { policies
  prices { plan { key } candidates { key outcome sentence } steps { step amount sentence } }
  discounts { discount { key effectiveUntil } code outcome sentence predicates { predicate line required actual held sentence } }
  steps { discount { key } base ${MONEY} off ${MONEY} shares ${MONEY} sentence }
  roundings { of exact rounded ${MONEY} sentence } }`;

export const REFUSED = "... on Refused { refusals { __typename code message path } }";

export const QUOTE = `query ($input: QuoteInput!, $at: CatalogPointInput) {
  quote(input: $input, at: $at) { __typename ... on Quote { ${QUOTE_FIELDS} ${WORKING} } ${REFUSED} }
}`;

export const EXPLAIN = `query ($input: ExplainPriceInput!, $at: CatalogPointInput) {
  explainPrice(input: $input, at: $at) { __typename
    ... on PriceExplanation { plan { key } price { key } amount ${MONEY} candidates { key outcome sentence } steps { step amount sentence } rounding { of exact rounded ${MONEY} sentence } }
    ${REFUSED} }
}`;

/** Premium, by the month, in Sweden. */
export const PREMIUM = { items: [{ plan: "premium" }], market: "se" } as const;

/** The quote, which must be one. */
export async function quoteFor(caller: Caller, input: object, at: object | null = null): Promise<Json> {
  const { data, errors, text } = await caller.query(QUOTE, { input, at });
  if (errors.length > 0 || data.quote.__typename !== "Quote") throw new Error(`no quote: ${text}`);
  return data.quote;
}

/** "CODE at path" of each refusal of an answer's only field, which must be one. */
export function refusalsIn({ data, errors, text }: Answer): string[] {
  const [result] = Object.values<Json>(data ?? {});
  if (errors.length > 0 || result?.__typename !== "Refused") throw new Error(`not refused: ${text}`);
  return result.refusals.map(({ code, path }: Json) => `${code} at ${path.join(".")}`);
}
