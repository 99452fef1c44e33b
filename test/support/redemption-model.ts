import type { RedeemRequest, Redemption, RedemptionState } from "../../src/customers/redemptions/redemption.js";
import type { RedeemRefusalCode } from "../../src/customers/redemptions/redemption.refusals.js";
import type { Limits } from "./redemption-world.js";

type Held = Pick<Redemption, "customerId" | "quoteId" | "discountKey" | "amountMinor" | "currency" | "reservedUntil"> & {
  state: RedemptionState;
  readonly uniqueCodeId: string | null;
  /** Which claim it belongs to: a quote may be redeemed again after it was released. */
  readonly claim: number;
};

/** What redemptions should do, in a few lines and for one caller at a time: no batches, no counters, all sums taken anew. */
export class RedemptionModel {
  private readonly held: Held[] = [];
  private readonly keys = new Set<string>();
  private claims = 0;

  constructor(private readonly limits: Readonly<Record<string, Limits>>) {}

  redeem(request: RedeemRequest): "REPLAYED" | "REDEEMED" | RedeemRefusalCode[] {
    if (this.keys.has(request.idempotencyKey)) return "REPLAYED";
    if (this.refusals(request).length > 0) {
      const discounts = new Set(request.grants.map(({ discountKey }) => discountKey));
      this.expire(request.at, (held) => discounts.has(held.discountKey));
    }
    const refusals = this.refusals(request);
    if (refusals.length > 0) return refusals;
    this.keys.add(request.idempotencyKey);
    const claim = ++this.claims;
    for (const grant of request.grants) {
      this.held.push({
        ...{ claim, customerId: request.customerId, quoteId: request.quoteId, discountKey: grant.discountKey },
        ...{ amountMinor: grant.amountMinor, currency: grant.currency, uniqueCodeId: grant.code?.uniqueCodeId ?? null },
        ...{ reservedUntil: request.reservedUntil, state: request.mode === "RESERVE" ? "RESERVED" : "COMMITTED" },
      });
    }
    return "REDEEMED";
  }

  commit(quoteId: string, at: Date): string {
    const latest = this.latestOf(quoteId);
    const first = latest[0];
    if (first === undefined) return "NOT_FOUND";
    if (first.state === "RELEASED") return "RESERVATION_RELEASED";
    if (first.state === "EXPIRED" || (first.state === "RESERVED" && isDue(first, at))) return "RESERVATION_EXPIRED";
    for (const held of latest) held.state = "COMMITTED";
    return "SETTLED";
  }

  release(quoteId: string, at: Date): string {
    const latest = this.latestOf(quoteId);
    const first = latest[0];
    if (first === undefined) return "NOT_FOUND";
    if (first.state === "COMMITTED") return "REDEMPTION_COMMITTED";
    if (first.state === "RESERVED") for (const held of latest) held.state = isDue(held, at) ? "EXPIRED" : "RELEASED";
    return first.state === "EXPIRED" ? "RESERVATION_EXPIRED" : "SETTLED";
  }

  /** Reservations end as whole quotes, of which `of` knows one redemption. */
  expire(at: Date, of: (held: Held) => boolean = () => true): number {
    const claims = new Set(this.held.filter((held) => isReservedAndDue(held, at) && of(held)).map(({ claim }) => claim));
    const expired = this.held.filter((held) => isReservedAndDue(held, at) && claims.has(held.claim));
    for (const held of expired) held.state = "EXPIRED";
    return expired.length;
  }

  /** What is held beside reservations that ended by `at`. */
  heldAt(discountKey: string, at: Date): { uses: bigint; minor: bigint } {
    const held = this.live(discountKey).filter((use) => !isReservedAndDue(use, at));
    return { uses: BigInt(held.length), minor: sum(held) };
  }

  private refusals({ customerId, quoteId, grants }: RedeemRequest): RedeemRefusalCode[] {
    const isRedeemed = grants.some(({ discountKey }) => this.live(discountKey).some((held) => held.quoteId === quoteId));
    const found: RedeemRefusalCode[] = isRedeemed ? ["QUOTE_ALREADY_REDEEMED"] : [];
    for (const { discountKey, code, amountMinor, currency } of grants) {
      const limits = this.limits[discountKey] ?? {};
      const live = this.live(discountKey);
      const own = live.filter((held) => held.customerId === customerId);
      if (code?.uniqueCodeId != null && this.held.some((held) => isLive(held) && held.uniqueCodeId === code.uniqueCodeId)) found.push("CODE_USED");
      if (live.length >= (limits.limit_total ?? Infinity)) found.push("TOTAL_LIMIT_REACHED");
      if (own.length >= (limits.limit_per_customer ?? Infinity)) found.push("CUSTOMER_LIMIT_REACHED");
      if (limits.budget_minor === undefined) continue;
      if (currency !== limits.budget_currency) found.push("BUDGET_OF_OTHER_CURRENCY");
      else if (sum(live) + amountMinor > BigInt(limits.budget_minor)) found.push("BUDGET_SPENT");
    }
    return found;
  }

  private live(discountKey: string): Held[] {
    return this.held.filter((held) => held.discountKey === discountKey && isLive(held));
  }

  private latestOf(quoteId: string): Held[] {
    const claim = Math.max(...this.held.filter((held) => held.quoteId === quoteId).map((held) => held.claim));
    return this.held.filter((held) => held.claim === claim);
  }
}

function isLive({ state }: Held): boolean {
  return state === "RESERVED" || state === "COMMITTED";
}

function isDue({ reservedUntil }: Held, at: Date): boolean {
  return reservedUntil !== null && reservedUntil <= at;
}

function isReservedAndDue(held: Held, at: Date): boolean {
  return held.state === "RESERVED" && isDue(held, at);
}

function sum(held: readonly Held[]): bigint {
  return held.reduce((total, { amountMinor }) => total + amountMinor, 0n);
}
