import type { CatalogKey } from "../../../kernel/key.js";
import { MemoryTable } from "../../releases/storage/memory/memory-table.js";
import type { DISCOUNT_POLICY_KEY, DiscountPolicy } from "../discount-policy.js";
import type { Discount } from "../discount.js";
import type { DiscountOrderField } from "../discount.repository.js";
import { fromRow, UNCONDITIONAL_COLUMNS } from "./discount.mapping.js";
import { DISCOUNT_ORDERS } from "./pg-discount.repository.js";

interface KeptCondition {
  readonly key: string;
  readonly discountKey: CatalogKey;
  /** The plan or the market that it names. */
  readonly named: CatalogKey;
}

interface KeptCode {
  /** The canonical spelling. */
  readonly key: string;
  readonly discountKey: CatalogKey;
  readonly word: string;
}

interface KeptPolicy extends DiscountPolicy {
  readonly key: typeof DISCOUNT_POLICY_KEY;
}

/** Discounts in memory: their own rows without their conditions on plans and markets, which have tables of their own. */
export interface DiscountTables {
  readonly discounts: MemoryTable<Discount, "benefit" | "activation", DiscountOrderField>;
  readonly plans: MemoryTable<KeptCondition, "discount", never>;
  readonly markets: MemoryTable<KeptCondition, "discount", never>;
  readonly codes: MemoryTable<KeptCode, "discount", never>;
  readonly policies: MemoryTable<KeptPolicy, never, never>;
}

export function discountTables(): DiscountTables {
  return {
    discounts: new MemoryTable({
      table: "discount",
      columns: UNCONDITIONAL_COLUMNS,
      fromRow,
      bytesPerRow: 3_000,
      indexes: { benefit: ({ benefit }) => benefit.kind, activation: ({ activation }) => activation },
      orders: DISCOUNT_ORDERS,
      sortedBy: { name: ({ name }) => name.text, priority: ({ stacking }) => stacking.priority, effectiveFrom: ({ effective }) => effective.from },
      instants: ({ effective }) => [effective.from, effective.until],
    }),
    plans: conditionTable("plan"),
    markets: conditionTable("market"),
    codes: new MemoryTable({
      table: "code",
      columns: "key, word, discount_key",
      fromRow: (row: { key: string; word: string; discount_key: string }) => ({ key: row.key, discountKey: row.discount_key, word: row.word }),
      bytesPerRow: 500,
      indexes: { discount: ({ discountKey }) => discountKey },
      orders: {},
      sortedBy: {},
    }),
    policies: new MemoryTable({
      table: "policy",
      columns: "key, choice, application",
      fromRow: (row: KeptPolicy) => ({ key: row.key, choice: row.choice, application: row.application }),
      bytesPerRow: 500,
      indexes: {},
      orders: {},
      sortedBy: {},
    }),
  };
}

/** Within a discount the order of the keys, "discount/plan", is that of the plans. */
function conditionTable(names: "plan" | "market"): DiscountTables["plans"] {
  return new MemoryTable({
    table: `discount_${names}`,
    columns: `key, discount_key, ${names}_key as named`,
    fromRow: (row: { key: string; discount_key: string; named: string }) => ({ key: row.key, discountKey: row.discount_key, named: row.named }),
    bytesPerRow: 500,
    indexes: { discount: ({ discountKey }) => discountKey },
    orders: {},
    sortedBy: {},
  });
}
