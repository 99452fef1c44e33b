import type { PrismaClient } from "../../../platform/database/generated/client.js";
import type { StoredQuote } from "../stored-quote.js";
import type { StoredQuoteRepository } from "../stored-quote.repository.js";

export class PrismaStoredQuoteRepository implements StoredQuoteRepository {
  constructor(private readonly prisma: PrismaClient) {}

  async add(quote: Omit<StoredQuote, "grants">): Promise<void> {
    await this.prisma.quote.create({ data: { ...quote, release: BigInt(quote.release) } });
  }

  async find(id: string): Promise<Omit<StoredQuote, "grants"> | null> {
    const row = await this.prisma.quote.findUnique({ where: { id } });
    return row && { ...row, release: Number(row.release) };
  }
}
