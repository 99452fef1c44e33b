import type { CatalogReach } from "../../src/access/viewer.js";
import { publish } from "./catalog.js";
import type { Gateway } from "./api.js";

interface Market {
  readonly key: string;
  readonly parent?: string;
  readonly [more: string]: unknown;
}

interface Plan {
  readonly key: string;
  readonly product: string;
  readonly addOns?: readonly string[];
  readonly entitlements?: Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
}

interface Discount {
  readonly key: string;
  readonly when?: { readonly plans?: readonly string[]; readonly markets?: readonly string[]; readonly [more: string]: unknown };
  readonly [more: string]: unknown;
}

/** What one release says, as files have it. */
interface Content {
  readonly markets?: readonly Market[];
  readonly products?: readonly { readonly key: string; readonly name: string }[];
  readonly features?: readonly object[];
  readonly plans?: readonly Plan[];
  readonly prices?: readonly { readonly plan: string; readonly market: string; readonly [more: string]: unknown }[];
  readonly discounts?: readonly Discount[];
  readonly retire?: { readonly discounts?: readonly string[] };
}

const group = (key: string, parent?: string) => ({ key, kind: "GROUP", name: key, currency: "EUR", timeZone: "Etc/UTC", ...(parent ? { parent } : {}) });
const country = (key: string, parent: string, currency: string, timeZone: string) => ({
  key,
  country: key.toUpperCase(),
  name: key,
  parent,
  currency,
  timeZone,
});
const price = (plan: string, market: string, currency: string, amount: number, more: object = {}) => ({
  ...{ plan, market, currency, interval: "P1M", amount, from: "2026-01-01" },
  ...more,
});
const discount = (key: string, when: Discount["when"] | null, more: object = {}) => ({
  ...{ key, name: key, benefit: { percent: 10 }, duration: "ONCE", activation: "CODE", codes: [`${key}-26`], from: "2026-01-01" },
  ...(when ? { when } : {}),
  ...more,
});
const AUTOMATIC = { activation: "AUTOMATIC", codes: [] };

/** Three releases of a catalog of three products in markets of four levels: something of everything for everybody, and much that crosses over. */
const RELEASES: readonly Content[] = [
  {
    markets: [
      group("world"),
      { ...group("europe", "world"), taxRate: 20 },
      group("nordics", "europe"),
      country("se", "nordics", "SEK", "Europe/Stockholm"),
      country("no", "nordics", "NOK", "Europe/Oslo"),
      country("de", "europe", "EUR", "Europe/Berlin"),
      country("us", "world", "USD", "America/New_York"),
    ],
    products: ["music", "video", "snacks"].map((key) => ({ key, name: key.toUpperCase() })),
    features: [
      { key: "offline", kind: "SWITCH", category: "listening", position: 2, name: "Offline" },
      { key: "hours", kind: "CAP", category: "listening", position: 1, name: "Hours", unit: "hour", window: "MONTH" },
    ],
    plans: [
      { key: "basic", product: "music", rank: 1, name: "Basic", entitlements: { offline: false, hours: { value: 5, markets: { us: 6, nordics: 7 } } } },
      {
        key: "premium",
        product: "music",
        rank: 2,
        name: "Premium",
        addOns: ["popcorn", "stories"],
        entitlements: { offline: true, hours: { value: 15, markets: { de: 20, se: 25 } } },
      },
      {
        key: "cinema",
        product: "video",
        rank: 1,
        name: "Cinema",
        addOns: ["popcorn"],
        entitlements: { offline: { value: false, markets: { se: true, us: true } } },
      },
      { key: "stories", product: "music", rank: 3, kind: "ADD_ON", name: "Stories" },
      { key: "popcorn", product: "snacks", rank: 1, kind: "ADD_ON", name: "Popcorn" },
    ],
    prices: [
      ...["basic", "premium", "cinema", "stories", "popcorn"].flatMap((plan, index) => [
        price(plan, "world", "EUR", 5 + index),
        price(plan, "se", "SEK", 59 + 10 * index),
        price(plan, "us", "USD", 6.5 + index, { taxIncluded: false }),
      ]),
      price("premium", "nordics", "EUR", 8),
      price("premium", "se", "SEK", 49, { segment: "student" }),
      price("premium", "se", "SEK", 990, { interval: "P1Y" }),
      price("cinema", "de", "EUR", 9, { channel: "web" }),
    ],
    discounts: [
      discount("everywhere", null, AUTOMATIC),
      discount("musical", { plans: ["basic", "premium"] }, { ...AUTOMATIC, stacking: { group: "intro", priority: 5 } }),
      discount("filmed", { plans: ["cinema"] }, AUTOMATIC),
      discount("crossing", { plans: ["cinema", "premium"] }, { limits: { total: 100 } }),
      discount("northern", { markets: ["nordics"] }, AUTOMATIC),
      discount("american", { markets: ["us"] }, AUTOMATIC),
      discount("oceanic", { markets: ["se", "us"] }, { ...AUTOMATIC, stacking: { group: "intro", priority: 7 } }),
      discount("split", { plans: ["cinema", "premium"], markets: ["de", "us"] }),
      discount("far-film", { plans: ["cinema"], markets: ["se"] }),
      discount("worldly", { markets: ["world"], plans: ["basic", "popcorn"] }),
      discount("ending", { plans: ["basic", "cinema"] }),
    ],
  },
  {
    markets: [country("fi", "nordics", "EUR", "Europe/Helsinki")],
    features: [{ key: "quality", kind: "SETTING", category: "sound", position: 3, name: "Quality", values: ["high", "low"] }],
    plans: [{ key: "theatre", product: "video", rank: 2, name: "Theatre", addOns: ["popcorn"] }],
    prices: [
      price("premium", "se", "SEK", 79, { existing: "KEEP" }),
      price("cinema", "us", "USD", 10, { taxIncluded: false, existing: "KEEP" }),
      price("theatre", "fi", "EUR", 20),
    ],
    discounts: [discount("finnish", { markets: ["fi", "de"], plans: ["theatre", "basic"] }, AUTOMATIC)],
  },
  {
    features: [{ key: "lyrics", kind: "SWITCH", category: "listening", position: 4, name: "Lyrics" }],
    prices: [price("basic", "fi", "EUR", 4, { from: "2027-01-01" }), price("cinema", "fi", "EUR", 14, { from: "2027-01-01" })],
    discounts: [
      discount("announced", { plans: ["premium", "cinema"] }, { from: "2027-01-01" }),
      discount("announced-film", { plans: ["cinema"] }, { from: "2027-01-01" }),
    ],
    retire: { discounts: ["ending"] },
  },
];

/** Publishes the catalog, or only what of it is within a reach: the same releases at the same instants. Then it is 10 June. */
export async function publishPartnerCatalog({ database, clock }: Gateway, reach: CatalogReach = { markets: null, products: null }): Promise<void> {
  for (const [index, content] of RELEASES.entries()) {
    clock.set(`2026-0${index + 3}-01T00:00:00Z`);
    await publish(database, { "catalog.json": JSON.stringify(within(content, reach)) }, {}, clock);
  }
  clock.set("2026-06-10T00:00:00Z");
}

const ALL_MARKETS = RELEASES.flatMap(({ markets = [] }) => markets);
const ALL_PLANS = RELEASES.flatMap(({ plans = [] }) => plans);
const ALL_DISCOUNTS = RELEASES.flatMap(({ discounts = [] }) => discounts);

/** What is within reach, worked out from the files alone. */
function within(content: Content, reach: CatalogReach): Content {
  const hasMarket = (key: string): boolean =>
    reach.markets === null || reach.markets.some((named) => isMarket(named) && (pathOf(named).includes(key) || pathOf(key).includes(named)));
  const hasPlan = (key: string): boolean => reach.products === null || ALL_PLANS.some((plan) => plan.key === key && reach.products?.includes(plan.product));
  const leaves = (keys: readonly string[] | undefined, has: (key: string) => boolean, any: boolean): boolean => any && (keys === undefined || keys.some(has));
  const someMarket = ALL_MARKETS.some(({ key }) => hasMarket(key));
  const somePlan = ALL_PLANS.some(({ key }) => hasPlan(key));
  const hasDiscount = ({ when = {} }: Discount): boolean => leaves(when.plans, hasPlan, somePlan) && leaves(when.markets, hasMarket, someMarket);
  const { markets = [], products = [], plans = [], prices = [], discounts = [], retire, features = [] } = content;
  const retired = retire?.discounts?.filter((key) => ALL_DISCOUNTS.some((one) => one.key === key && hasDiscount(one))) ?? [];
  return {
    features,
    ...some(
      "markets",
      markets.filter(({ key }) => hasMarket(key)),
    ),
    ...some(
      "products",
      products.filter(({ key }) => reach.products?.includes(key) ?? true),
    ),
    ...some(
      "plans",
      plans
        .filter(({ key }) => hasPlan(key))
        .map(({ addOns = [], ...plan }) => ({ ...plan, addOns: addOns.filter(hasPlan), ...entitlementsIn(plan, hasMarket) })),
    ),
    ...some(
      "prices",
      prices.filter(({ plan, market }) => hasPlan(plan) && hasMarket(market)),
    ),
    ...some(
      "discounts",
      discounts.filter(hasDiscount).map(({ when, ...one }) => {
        const { plans: named, markets: places, ...conditions } = when ?? {};
        const left = { ...conditions, ...(named && { plans: named.filter(hasPlan) }), ...(places && { markets: places.filter(hasMarket) }) };
        return { ...one, ...(when && { when: left }) };
      }),
    ),
    ...(retired.length > 0 && { retire: { discounts: retired } }),
  };
}

/** Sections of files are not empty. */
function some<Name extends string, Item>(name: Name, items: readonly Item[]): Partial<Record<Name, readonly Item[]>> {
  return items.length === 0 ? {} : ({ [name]: items } as Record<Name, readonly Item[]>); // A computed name is not kept by the compiler.
}

function entitlementsIn({ entitlements = {} }: Pick<Plan, "entitlements">, hasMarket: (key: string) => boolean): Pick<Plan, "entitlements"> {
  const kept = Object.entries(entitlements).map(([feature, said]) => {
    if (typeof said !== "object" || said === null || !("markets" in said)) return [feature, said];
    const markets = Object.entries(said.markets as Record<string, unknown>).filter(([market]) => hasMarket(market));
    return [feature, { ...said, markets: Object.fromEntries(markets) }];
  });
  return { entitlements: Object.fromEntries(kept) };
}

function isMarket(key: string): boolean {
  return ALL_MARKETS.some((market) => market.key === key);
}

function pathOf(key: string): string[] {
  const parent = ALL_MARKETS.find((market) => market.key === key)?.parent;
  return [key, ...(parent === undefined ? [] : pathOf(parent))];
}
