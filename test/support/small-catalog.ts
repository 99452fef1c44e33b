/** A small catalog in files, for tests that change it: one product, two plans, two markets, one price each. */
export const SMALL_CATALOG = {
  "small.yaml": `
markets:
  - { key: nordics, kind: GROUP, name: Nordics, currency: EUR, timeZone: Europe/Stockholm }
  - { key: se, country: SE, parent: nordics, name: Sweden, currency: SEK, timeZone: Europe/Stockholm }
products:
  - { key: music, name: Music }
features:
  - { key: offline, kind: SWITCH, category: listening, position: 1, name: Offline }
  - { key: hours, kind: CAP, category: listening, position: 2, name: Hours, unit: hour, window: MONTH }
plans:
  - key: basic
    product: music
    rank: 1
    name: Basic
    entitlements: { offline: false, hours: 5 }
  - key: premium
    product: music
    rank: 2
    name: Premium
    entitlements: { offline: true, hours: 15 }
prices:
  - { plan: basic, market: se, currency: SEK, interval: P1M, amount: 59, from: 2026-01-01 }
  - { plan: premium, market: se, currency: SEK, interval: P1M, amount: 119, from: 2026-01-01 }
`,
} as const;

/** Premium costs more, basic is retired. */
export const DEARER_AND_FEWER = {
  "change.yaml": `
prices:
  - { plan: premium, market: se, currency: SEK, interval: P1M, amount: 129, from: 2026-01-01, existing: KEEP }
retire:
  plans: [basic]
`,
} as const;

/** What is announced for 2027: a price of premium and a discount. */
export const ANNOUNCED = {
  "announced.yaml": `
prices:
  - { plan: premium, market: se, currency: SEK, interval: P1M, amount: 129, from: 2026-01-01, until: 2027-01-01, existing: KEEP }
  - { plan: premium, market: se, currency: SEK, interval: P1M, amount: 149, from: 2027-01-01, existing: 2027-03-01 }
  - { plan: premium, market: se, currency: SEK, interval: P1Y, amount: 1490, from: 2027-01-01 }
discounts:
  - { key: new-year, name: New year, benefit: { percent: 50 }, duration: ONCE, activation: CODE, codes: [NY27], when: { plans: [premium], markets: [se] }, from: 2027-01-01, until: 2027-02-01 }
`,
} as const;
