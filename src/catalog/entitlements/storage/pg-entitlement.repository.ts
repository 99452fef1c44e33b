import type { Pool } from "pg";
import type { CatalogKey } from "../../../kernel/key.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { OrderColumns } from "../../../platform/database/keyset.js";
import type { Reads } from "../../../platform/database/reads.js";
import type { FeatureKind } from "../../features/feature.js";
import type { CatalogSight } from "../../releases/release.js";
import { inReach } from "../../releases/storage/in-reach.js";
import { ListConditions } from "../../releases/storage/list-conditions.js";
import { PgList } from "../../releases/storage/pg-list.js";
import { sharedDecimalOrNull } from "../../releases/storage/shared-decimal.js";
import { AT_RELEASE } from "../../releases/storage/versioned.js";
import { entitlementValueOf, type Entitlement } from "../entitlement.js";
import type { EntitlementFilter, EntitlementOrderField, EntitlementRepository } from "../entitlement.repository.js";

export interface EntitlementRow {
  readonly key: string;
  readonly plan_key: string;
  readonly feature_key: string;
  readonly feature_kind: FeatureKind;
  readonly market_key: string | null;
  readonly enabled: boolean | null;
  readonly setting: string | null;
  readonly cap_amount: string | null;
  readonly existing_follow: boolean;
}

export const ENTITLEMENT_COLUMNS = "key, plan_key, feature_key, feature_kind, market_key, enabled, setting, cap_amount, existing_follow";

/** The markets within reach as `$3`, the plans as `$4`. */
const IN_REACH = `${inReach("plan_key", "$4")} and (market_key is null or ${inReach("market_key", "$3")})`;

export const ENTITLEMENT_ORDERS: Readonly<Record<EntitlementOrderField, OrderColumns>> = { KEY: {}, FEATURE: { featureKey: "text" } };

export class PgEntitlementRepository implements EntitlementRepository {
  private readonly list;

  constructor(
    private readonly reads: Reads,
    pool: Pool,
  ) {
    this.list = new PgList(reads, pool, { table: "entitlement", orders: ENTITLEMENT_ORDERS, fromRow });
  }

  async findAll(keys: readonly string[], { point, reach }: CatalogSight): Promise<Entitlement[]> {
    const { rows } = await this.reads.query<EntitlementRow>({
      name: "entitlements-by-key",
      text: `select ${ENTITLEMENT_COLUMNS} from entitlement where key = any($1) and ${AT_RELEASE} and ${IN_REACH}`,
      values: [keys, point.release, reach.markets, reach.plans],
    });
    return rows.map(fromRow);
  }

  async listByPlans(plans: readonly CatalogKey[], { point, reach }: CatalogSight): Promise<Entitlement[]> {
    const { rows } = await this.reads.query<EntitlementRow>({
      name: "entitlements-by-plan",
      text: `select ${ENTITLEMENT_COLUMNS} from entitlement where plan_key = any($1) and ${AT_RELEASE} and ${IN_REACH} order by key`,
      values: [plans, point.release, reach.markets, reach.plans],
    });
    return rows.map(fromRow);
  }

  listKeys(filter: EntitlementFilter, order: ListOrder<EntitlementOrderField>, page: PageRequest, sight: CatalogSight): Promise<Page<Entitlement>> {
    return this.list.page(ENTITLEMENT_COLUMNS, matching(filter, sight), order, page);
  }

  count(filter: EntitlementFilter, sight: CatalogSight): Promise<number> {
    return this.list.count(matching(filter, sight));
  }
}

function matching({ plans, features, markets, everywhere }: EntitlementFilter, { point, reach }: CatalogSight): ListConditions {
  const where = new ListConditions(point.release)
    .among("plan_key", reach.plans)
    .nullOrAmong("market_key", reach.markets)
    .among("plan_key", plans)
    .among("feature_key", features)
    .among("market_key", markets);
  return everywhere == null ? where : where.narrow(`market_key is ${everywhere ? "" : "not "}null`);
}

export function fromRow(row: EntitlementRow): Entitlement {
  return {
    key: row.key,
    planKey: row.plan_key,
    featureKey: row.feature_key,
    marketKey: row.market_key,
    value: entitlementValueOf({ kind: row.feature_kind, enabled: row.enabled, setting: row.setting, amount: sharedDecimalOrNull(row.cap_amount) }),
    existingFollow: row.existing_follow,
  };
}
