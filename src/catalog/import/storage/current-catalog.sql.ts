import type { ClientBase } from "pg";
import { entitlementValueOf, type Entitlement, type KeptValue } from "../../entitlements/entitlement.js";
import type { FeatureKind } from "../../features/feature.js";
import type { PlanKind } from "../../plans/plan.js";
import { sharedDecimalOrNull } from "../../releases/storage/shared-decimal.js";
import { SINGULAR, type Concept, type CurrentCatalog } from "../current-catalog.js";

/** Reads what is open: the caller holds the head, so these statements see one release. */
export async function loadCurrentCatalog(client: ClientBase): Promise<CurrentCatalog> {
  const open = async <Row extends object>(table: string, columns: string): Promise<Row[]> =>
    (await client.query<Row>(`select ${columns} from ${table} where until_release is null order by key`)).rows;
  return {
    markets: byKey(
      await open<{ key: string; countryCode: string | null; parentKey: string | null }>(
        "market",
        `key, country_code as "countryCode", parent_key as "parentKey"`,
      ),
    ),
    products: byKey(await open<{ key: string }>("product", "key")),
    features: byKey(await open<{ key: string; kind: FeatureKind; allowedValues: string[] | null }>("feature", `key, kind, allowed_values as "allowedValues"`)),
    plans: byKey(await open<{ key: string; productKey: string; kind: PlanKind; rank: number }>("plan", `key, product_key as "productKey", kind, rank`)),
    discounts: byKey(await open<{ key: string }>("discount", "key")),
    policies: byKey(await open<{ key: string }>("policy", "key")),
    entitlements: (
      await open<EntitlementRow>(
        "entitlement",
        `key, plan_key as "planKey", feature_key as "featureKey", market_key as "marketKey", existing_follow as "existingFollow",
         feature_kind as kind, enabled, setting, cap_amount::text as amount`,
      )
    ).map(entitlementFromRow),
    addOns: await open("plan_add_on", `plan_key as "planKey", add_on_key as "addOnKey"`),
    discountPlans: await open("discount_plan", `discount_key as "discountKey", plan_key as "planKey"`),
    discountMarkets: await open("discount_market", `discount_key as "discountKey", market_key as "marketKey"`),
    codes: await open("code", `key, discount_key as "discountKey"`),
  };
}

export async function findEverReleased(client: ClientBase, concept: Concept | "prices", keys: readonly string[]): Promise<ReadonlySet<string>> {
  const table = concept === "prices" ? "price" : SINGULAR[concept];
  const { rows } = await client.query<{ key: string }>(`select distinct key from ${table} where key = any($1)`, [keys]);
  return new Set(rows.map(({ key }) => key));
}

type EntitlementRow = Omit<Entitlement, "value"> & Omit<KeptValue, "amount"> & { readonly amount: string | null };

function entitlementFromRow({ kind, enabled, setting, amount, ...rest }: EntitlementRow): Entitlement {
  return { ...rest, value: entitlementValueOf({ kind, enabled, setting, amount: sharedDecimalOrNull(amount) }) };
}

function byKey<Row extends { readonly key: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.key, row]));
}
