import type { Pool } from "pg";
import { rowSettings, type RowScope } from "../../../access/customer-reach.js";
import { parseInstant } from "../../../kernel/instant.js";
import type { CatalogKey } from "../../../kernel/key.js";
import { InvalidCursor, type PageRequest } from "../../../kernel/page.js";
import { retryCollisions } from "../../../platform/database/collisions.js";
import { readRows } from "../../../platform/database/row-security.js";
import type { Claim, Redemption } from "../redemption.js";
import type { RedeemOutcome } from "../redemption.refusals.js";
import type { DiscountUses, Exhausted, QuoteToSettle, RedemptionPage, RedemptionRepository, UsesToLookAt } from "../redemption.repository.js";
import type { Settlement } from "../settlement.js";
import { ClaimBatches, type BatchDecider } from "./claim-batches.js";
import { decideClaims, withPatience } from "./claim-statement.js";
import { EXHAUSTED } from "./exhausted.sql.js";
import { fromRow, fromStored, REDEMPTION_COLUMNS, type RedemptionRow, type StoredRedemption } from "./redemption.mapping.js";
import { COMMIT, EXPIRE, RELEASE } from "./settle.sql.js";

interface UsesRow {
  readonly discount_key: string;
  readonly used: bigint;
  readonly reserved: bigint;
  readonly limit_total: bigint | null;
  readonly limit_per_customer: number | null;
  readonly spent_minor: bigint;
  readonly budget_minor: bigint | null;
  readonly budget_currency: string | null;
}

interface ExhaustedRow {
  readonly exhausted: Exhausted["limit"];
  readonly name: string;
  /** Of a customer's own limit whose it is, else nobody. */
  readonly customer_id: string;
}

/** Batches under way beside the main one, each of which waits for locks on a connection of its own. */
const MAX_LANES = 3;

export class PgRedemptionRepository implements RedemptionRepository {
  private readonly batches: ClaimBatches;

  constructor(private readonly pool: Pool) {
    const decider: BatchDecider = {
      decide: (claims, patience) => decideClaims(pool, claims, patience),
      expireFor: async (claims, patience) => {
        const latest = new Date(Math.max(...claims.map(({ at }) => at.getTime())));
        const discountKeys = [...new Set(claims.flatMap(({ redemptions }) => redemptions.map(({ discountKey }) => discountKey)))];
        await withPatience(pool, claims, patience, () => pool.query({ text: EXPIRE, values: [latest, discountKeys] }));
      },
    };
    // A small pool is not to be taken up by lanes that wait.
    this.batches = new ClaimBatches(decider, Math.max(1, Math.min(MAX_LANES, Math.floor(pool.options.max / 2))));
  }

  claim(claim: Claim): Promise<RedeemOutcome> {
    return this.batches.add(claim);
  }

  async findAnswer({ credentialId, idempotencyKey, bodyHash }: Pick<Claim, "credentialId" | "idempotencyKey" | "bodyHash">): Promise<RedeemOutcome | null> {
    const { rows } = await this.pool.query<{ body_hash: Buffer; response: readonly StoredRedemption[] }>({
      name: "answer-to-key",
      text: "select body_hash, response from idempotency_key where credential_id = $1 and key = $2",
      values: [credentialId, idempotencyKey],
    });
    const [row] = rows;
    if (!row) return null;
    if (!row.body_hash.equals(bodyHash)) return { outcome: "REFUSED", refusals: [{ code: "IDEMPOTENCY_KEY_REUSED", discountKey: null }] };
    return { outcome: "REDEEMED", replayed: true, redemptions: row.response.map(fromStored) };
  }

  commit(quote: QuoteToSettle): Promise<Settlement> {
    return this.settle(COMMIT, quote);
  }

  release(quote: QuoteToSettle): Promise<Settlement> {
    return this.settle(RELEASE, quote);
  }

  async expire(at: Date): Promise<number> {
    const { rows } = await retryCollisions(() => this.pool.query<{ expired: bigint }>({ text: EXPIRE, values: [at, null] }));
    return Number(rows[0]?.expired ?? 0n);
  }

  async find(customerId: string, id: string, scope: RowScope): Promise<Redemption | null> {
    const { rows } = await readRows<RedemptionRow>(this.pool, rowSettings(scope), {
      name: "redemption-by-id",
      text: `select ${REDEMPTION_COLUMNS} from redemption where customer_id = $1 and id = $2`,
      values: [customerId, id],
    });
    return rows[0] ? fromRow(rows[0]) : null;
  }

  async listByUniqueCode(uniqueCodeId: string, scope: RowScope): Promise<Redemption[]> {
    const { rows } = await readRows<RedemptionRow>(this.pool, rowSettings(scope), {
      name: "redemptions-by-unique-code",
      text: `select ${REDEMPTION_COLUMNS} from redemption where unique_code_id = $1 order by created_at desc, id limit 100`,
      values: [uniqueCodeId],
    });
    return rows.map(fromRow);
  }

  async listByCustomer(customerId: string, { size, from, beyond }: PageRequest, scope: RowScope): Promise<RedemptionPage> {
    const backwards = from === "END";
    const [comparison, direction] = backwards ? [">", "asc"] : ["<", "desc"];
    const { rows } = await readRows<RedemptionRow>(this.pool, rowSettings(scope), {
      name: `redemptions-by-customer-${from}`,
      text: `select ${REDEMPTION_COLUMNS} from redemption where customer_id = $1 and ($2::timestamptz is null or (created_at, id) ${comparison} ($2, $3))
        order by created_at ${direction}, id ${direction} limit $4`,
      values: [customerId, ...(beyond === null ? [null, null] : readPlace(beyond)), size + 1],
    });
    const found = rows.slice(0, size).map(fromRow);
    if (backwards) found.reverse();
    const hasMore = rows.length > size;
    return {
      items: found.map((redemption) => ({ key: redemption.id, sortValues: [redemption.createdAt.toISOString(), redemption.id], redemption })),
      hasNextPage: backwards ? beyond !== null : hasMore,
      hasPreviousPage: backwards ? hasMore : beyond !== null,
    };
  }

  async countByCustomer(customerId: string, scope: RowScope): Promise<number> {
    const { rows } = await readRows<{ count: bigint }>(this.pool, rowSettings(scope), {
      name: "count-redemptions-by-customer",
      text: "select count(*) from redemption where customer_id = $1",
      values: [customerId],
    });
    return Number(rows[0]?.count ?? 0n);
  }

  async usesOf(discountKeys: readonly CatalogKey[]): Promise<DiscountUses[]> {
    const { rows } = await this.pool.query<UsesRow>({
      name: "uses-of-discounts",
      text: `select discount_key, used, limit_total, limit_per_customer, spent_minor, budget_minor, budget_currency,
          (select count(*) from redemption where redemption.discount_key = discount_counter.discount_key and state = 'RESERVED') as reserved
        from discount_counter where discount_key = any($1) order by discount_key`,
      values: [discountKeys],
    });
    return rows.map((row) => ({
      discountKey: row.discount_key,
      used: row.used,
      reserved: row.reserved,
      limitTotal: row.limit_total,
      limitPerCustomer: row.limit_per_customer,
      spentMinor: row.spent_minor,
      budget: row.budget_minor === null || row.budget_currency === null ? null : { amountMinor: row.budget_minor, currency: row.budget_currency },
    }));
  }

  async exhaustedFor({ discountKeys, customerIds, uniqueCodeIds, at }: UsesToLookAt): Promise<Exhausted[]> {
    const { rows } = await this.pool.query<ExhaustedRow>({
      name: "exhausted-limits",
      text: EXHAUSTED,
      values: [discountKeys, customerIds, uniqueCodeIds, at],
    });
    return rows.map(({ exhausted, name, customer_id: customerId }): Exhausted => {
      if (exhausted === "CODE") return { limit: exhausted, uniqueCodeId: name };
      return exhausted === "CUSTOMER" ? { limit: exhausted, discountKey: name, customerId } : { limit: exhausted, discountKey: name };
    });
  }

  /** Without a name, for the reason given in claim-statement.ts. */
  private async settle(text: string, { customerId, quoteId, at }: QuoteToSettle): Promise<Settlement> {
    const { rows } = await retryCollisions(() =>
      this.pool.query<RedemptionRow & { readonly is_changed: boolean }>({ text, values: [customerId, quoteId, at] }),
    );
    return { redemptions: rows.map(fromRow), changedIds: new Set(rows.filter((row) => row.is_changed).map((row) => row.id)) };
  }
}

/** Where a page goes on: the instant and the id of the redemption next to it. */
function readPlace(beyond: readonly string[]): readonly [Date, string] {
  const [instant, id, ...more] = beyond;
  const at = instant === undefined ? null : parseInstant(instant);
  if (at === null || id === undefined || more.length > 0 || id.includes("\0")) throw new InvalidCursor();
  return [at, id];
}
