import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ApiKeyService } from "../access/api-keys/api-key.service.js";
import { KEY_ROLES, type KeyRole } from "../access/permission.js";

/**
 * A key for each role, to try the gateway with. Made once for an embedded database and kept beside it in a file that only
 * its owner reads, so that every start can show them; never made for a server that others use.
 */
export async function demoKeys(apiKeys: ApiKeyService, dataFolder: string): Promise<ReadonlyMap<KeyRole, string>> {
  const file = join(dataFolder, "demo-keys.json");
  const kept = await readKept(file);
  const keys = new Map<KeyRole, string>();
  for (const role of KEY_ROLES) {
    const key = kept[role];
    // A key that was revoked, or made for another database, is replaced.
    const isGood = key !== undefined && (await apiKeys.verify(key, undefined)) !== null;
    keys.set(role, isGood ? key : (await apiKeys.create({ name: `demo ${role}`, role, expiresAt: null })).key);
  }
  // Renamed into place: a process that is killed here leaves the old file, not half of a new one.
  await writeFile(`${file}.new`, JSON.stringify(Object.fromEntries(keys), null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return keys;
}

async function readKept(file: string): Promise<Partial<Record<string, string>>> {
  try {
    const kept: unknown = JSON.parse(await readFile(file, "utf8"));
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    return {}; // Not there yet or not readable as JSON: new keys are made.
  }
}
