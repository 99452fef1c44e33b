import type { Pool } from "pg";
import { rowSettings, type RowScope } from "../../../access/customer-reach.js";
import type { PrismaClient } from "../../../platform/database/generated/client.js";
import { readRows } from "../../../platform/database/row-security.js";
import type { StoredQuote } from "../stored-quote.js";
import type { StoredQuoteRepository } from "../stored-quote.repository.js";

type QuoteRow = Omit<StoredQuote, "grants" | "release"> & { readonly release: bigint };

export class PgStoredQuoteRepository implements StoredQuoteRepository {
  constructor(
    private readonly pool: Pool,
    private readonly prisma: PrismaClient,
  ) {}

  async add(quote: Omit<StoredQuote, "grants">): Promise<void> {
    await this.prisma.quote.create({ data: { ...quote, release: BigInt(quote.release) } });
  }

  async find(id: string, scope: RowScope): Promise<Omit<StoredQuote, "grants"> | null> {
    const { rows } = await readRows<QuoteRow>(this.pool, rowSettings(scope), {
      name: "stored-quote",
      text: `select id, customer_id as "customerId", credential_id as "credentialId", binding, release, created_at as "createdAt", expires_at as "expiresAt",
          document, signature
        from quote where id = $1`,
      values: [id],
    });
    return rows[0] ? { ...rows[0], release: Number(rows[0].release) } : null;
  }
}
