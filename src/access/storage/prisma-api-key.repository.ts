import type { ApiKey, PrismaClient } from "../../platform/database/generated/client.js";
import type { ApiKeyRecord, ApiKeyRepository } from "../api-key.repository.js";

export class PrismaApiKeyRepository implements ApiKeyRepository {
  constructor(private readonly prisma: PrismaClient) {}

  async add(key: ApiKeyRecord): Promise<void> {
    await this.prisma.apiKey.create({ data: { ...key, hash: Uint8Array.from(key.hash) } });
  }

  async find(id: string): Promise<ApiKeyRecord | null> {
    const row = await this.prisma.apiKey.findUnique({ where: { id } });
    return row && fromRow(row);
  }

  async list(): Promise<ApiKeyRecord[]> {
    const rows = await this.prisma.apiKey.findMany({ orderBy: [{ createdAt: "desc" }, { id: "asc" }] });
    return rows.map(fromRow);
  }

  async revoke(id: string, at: Date): Promise<boolean> {
    const { count } = await this.prisma.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: at } });
    return count > 0;
  }

  async noteUse(id: string, at: Date): Promise<void> {
    await this.prisma.apiKey.updateMany({ where: { id }, data: { lastUsedAt: at } });
  }
}

function fromRow(row: ApiKey): ApiKeyRecord {
  return { ...row, hash: Buffer.from(row.hash) };
}
