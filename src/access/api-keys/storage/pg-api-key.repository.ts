import type { Pool } from "pg";
import type { Page, PageRequest } from "../../../kernel/page.js";
import type { PrismaClient } from "../../../platform/database/generated/client.js";
import { readKeysetPage, type SortColumn } from "../../../platform/database/keyset.js";
import type { ApiKeyRecord, ApiKeyRepository } from "../api-key.repository.js";

const NEWEST_FIRST: readonly SortColumn[] = [
  { field: "createdAt", type: "instant", direction: "desc" },
  { field: "id", type: "text", direction: "desc" },
];

/** Column and field of everything that is kept of a key. */
const COLUMNS = {
  id: "id",
  owner_id: "ownerId",
  created_by: "createdBy",
  name: "name",
  role: "role",
  hash: "hash",
  created_at: "createdAt",
  expires_at: "expiresAt",
  revoked_at: "revokedAt",
  last_used_at: "lastUsedAt",
  permissions: "permissions",
  markets: "markets",
  products: "products",
  customer_prefix: "customerPrefix",
  origins: "origins",
} as const satisfies Record<string, keyof ApiKeyRecord>;

const SELECTED = Object.entries(COLUMNS)
  .map(([column, field]) => `${column} as "${field}"`)
  .join(", ");
const INSERTED = `insert into api_key (${Object.keys(COLUMNS).join(", ")})`;

export class PgApiKeyRepository implements ApiKeyRepository {
  constructor(
    private readonly pool: Pool,
    private readonly prisma: PrismaClient,
  ) {}

  async add(key: ApiKeyRecord): Promise<void> {
    await this.pool.query(`${INSERTED} values (${placesFrom(1)})`, valuesOf(key));
  }

  async replace(id: string, endsAt: Date, successor: ApiKeyRecord): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `with replaced as (
         update api_key set expires_at = least(expires_at, $2) where id = $1 and revoked_at is null and (expires_at is null or expires_at > $3) returning id
       )
       ${INSERTED} select ${placesFrom(4)} from replaced`,
      [id, endsAt, successor.createdAt, ...valuesOf(successor)],
    );
    return rowCount === 1;
  }

  async find(id: string): Promise<ApiKeyRecord | null> {
    return (await this.findAll([id]))[0] ?? null;
  }

  async findAll(ids: readonly string[]): Promise<ApiKeyRecord[]> {
    const { rows } = await this.pool.query<ApiKeyRecord>({ name: "api-keys", text: `select ${SELECTED} from api_key where id = any($1)`, values: [ids] });
    return rows;
  }

  listIds(page: PageRequest, of: string | null): Promise<Page> {
    return readKeysetPage(NEWEST_FIRST, page, async ({ where, orderBy, take }) => {
      const rows = await this.prisma.apiKey.findMany({ where: { AND: [madeOrHeldBy(of), where] }, orderBy, take, select: { id: true, createdAt: true } });
      return rows.map((row) => ({ ...row, key: row.id }));
    });
  }

  async count(of: string | null): Promise<number> {
    return this.prisma.apiKey.count({ where: madeOrHeldBy(of) });
  }

  async revoke(id: string, at: Date): Promise<boolean> {
    const { count } = await this.prisma.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: at } });
    return count > 0;
  }

  async noteUse(id: string, at: Date): Promise<void> {
    await this.prisma.apiKey.updateMany({ where: { id }, data: { lastUsedAt: at } });
  }
}

function madeOrHeldBy(credentialId: string | null): object {
  return credentialId === null ? {} : { OR: [{ createdBy: credentialId }, { ownerId: credentialId }] };
}

function placesFrom(first: number): string {
  const types: Partial<Record<keyof typeof COLUMNS, string>> = {
    hash: "bytea",
    permissions: "text[]",
    markets: "text[]",
    products: "text[]",
    origins: "text[]",
  };
  return Object.keys(COLUMNS)
    .map((column, index) => {
      const type = types[column as keyof typeof COLUMNS] ?? (column.endsWith("_at") ? "timestamptz" : "text"); // Its own keys.
      return `$${first + index}::${type}`;
    })
    .join(", ");
}

function valuesOf(key: ApiKeyRecord): unknown[] {
  return Object.values(COLUMNS).map((field) => key[field]);
}
