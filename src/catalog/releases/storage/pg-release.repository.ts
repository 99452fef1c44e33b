import type { Page, PageRequest } from "../../../kernel/page.js";
import type { PrismaClient } from "../../../platform/database/generated/client.js";
import { readKeysetPage } from "../../../platform/database/keyset.js";
import type { Reads } from "../../../platform/database/reads.js";
import { AT_RELEASE } from "./versioned.js";
import type { ReleaseReign } from "../catalog-point.js";
import type { Release } from "../release.js";
import type { ReleaseRepository } from "../release.repository.js";

interface ReignRow {
  readonly number: bigint;
  readonly until: Date | null;
}

/** The columns in which released rows say when something of them begins or ends. Those of prices are walked along an index from the instant on. */
const INSTANTS = [...["price.effective_from", "price.effective_until", "price.existing_from"], ...["discount.effective_from", "discount.effective_until"]].map(
  (column) => column.split(".") as [table: string, column: string],
);

const NEXT_BOUNDARY = `select least(${INSTANTS.map(
  ([table, column]) => `(select ${column} from ${table} where ${column} > $1 and ${AT_RELEASE} order by ${column} limit 1)`,
).join(", ")}) as at`;

export class PgReleaseRepository implements ReleaseRepository {
  constructor(
    private readonly reads: Reads,
    private readonly prisma: PrismaClient,
  ) {}

  async getHead(): Promise<number> {
    const { rows } = await this.reads.query<{ release: bigint }>({ name: "catalog-head", text: "select release from catalog_head" });
    return Number(rows[0]?.release ?? 0n);
  }

  async findAll(numbers: readonly number[]): Promise<Release[]> {
    const { rows } = await this.reads.query<{ number: bigint; published_at: Date; author: string; note: string }>({
      name: "releases-by-number",
      text: "select number, published_at, author, note from release where number = any($1)",
      values: [numbers],
    });
    return rows.map((row) => ({ number: Number(row.number), publishedAt: row.published_at, author: row.author, note: row.note }));
  }

  findReign(number: number): Promise<ReleaseReign | null> {
    return this.reign({
      name: "release-reign",
      text: `select this.number, next.published_at as until
             from release this left join release next on next.number = this.number + 1
             where this.number = $1`,
      values: [number],
    });
  }

  findReignAt(time: Date): Promise<ReleaseReign | null> {
    return this.reign({
      name: "release-reign-at",
      // The newest release published by then; before the first one, the first.
      text: `select this.number, next.published_at as until
             from release this left join release next on next.number = this.number + 1
             where this.number = coalesce((select max(number) from release where published_at <= $1), (select min(number) from release))`,
      values: [time],
    });
  }

  async findNextBoundary(release: number, after: Date): Promise<Date | null> {
    const { rows } = await this.reads.query<{ at: Date | null }>({ name: "next-boundary", text: NEXT_BOUNDARY, values: [after, release] });
    return rows[0]?.at ?? null;
  }

  listNumbers(page: PageRequest, newest: number): Promise<Page> {
    return readKeysetPage([{ field: "number", type: "bigint", direction: "desc" }], page, async (query) => {
      const rows = await this.prisma.release.findMany({
        where: { AND: [{ number: { lte: newest } }, query.where] },
        orderBy: query.orderBy,
        take: query.take,
        select: { number: true },
      });
      return rows.map(({ number }) => ({ key: String(number), number }));
    });
  }

  private async reign(query: { name: string; text: string; values: unknown[] }): Promise<ReleaseReign | null> {
    const { rows } = await this.reads.query<ReignRow>(query);
    return rows[0] ? { number: Number(rows[0].number), until: rows[0].until } : null;
  }
}
