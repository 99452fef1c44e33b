import type { CatalogKey } from "../../../kernel/key.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { PrismaClient } from "../../../platform/database/generated/client.js";
import { keyedOrder, readKeysetPage, type OrderColumns } from "../../../platform/database/keyset.js";
import type { Reads } from "../../../platform/database/reads.js";
import type { FeatureKind } from "../../features/feature.js";
import type { CatalogSight } from "../../releases/release.js";
import { inReach, nullOrInReach } from "../../releases/storage/in-reach.js";
import { AT_RELEASE, atRelease, isOneOf } from "../../releases/storage/versioned.js";
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
  constructor(
    private readonly reads: Reads,
    private readonly prisma: PrismaClient,
  ) {}

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

  listKeys(filter: EntitlementFilter, order: ListOrder<EntitlementOrderField>, page: PageRequest, sight: CatalogSight): Promise<Page> {
    return readKeysetPage(keyedOrder(ENTITLEMENT_ORDERS[order.field], order.direction), page, async ({ where, orderBy, take }) =>
      this.prisma.entitlement.findMany({ where: { AND: [matching(filter, sight), where] }, orderBy, take, select: { key: true, featureKey: true } }),
    );
  }

  async count(filter: EntitlementFilter, sight: CatalogSight): Promise<number> {
    return this.prisma.entitlement.count({ where: matching(filter, sight) });
  }
}

function matching({ plans, features, markets, everywhere }: EntitlementFilter, { point, reach }: CatalogSight): object {
  return {
    AND: [
      atRelease(point.release),
      isOneOf("planKey", reach.plans),
      nullOrInReach("marketKey", reach.markets),
      isOneOf("planKey", plans),
      isOneOf("featureKey", features),
      isOneOf("marketKey", markets),
      everywhere == null ? {} : { marketKey: everywhere ? null : { not: null } },
    ],
  };
}

export function fromRow(row: EntitlementRow): Entitlement {
  return {
    key: row.key,
    planKey: row.plan_key,
    featureKey: row.feature_key,
    marketKey: row.market_key,
    value: entitlementValueOf({ kind: row.feature_kind, enabled: row.enabled, setting: row.setting, amount: row.cap_amount }),
    existingFollow: row.existing_follow,
  };
}
