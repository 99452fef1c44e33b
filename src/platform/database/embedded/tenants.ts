import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAlive, ownIdentity } from "./process-identity.js";

/**
 * Who uses the server of a data folder: one file per use, named after its process. Callers hold the exclusive lock, so
 * that nobody moves in while the last one switches the light off.
 */
export async function moveIn(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const tenant = `${await ownIdentity()}.${randomUUID().slice(0, 8)}`;
  await writeFile(join(folder, tenant), "", { flag: "wx" });
  return tenant;
}

/** Removes the tenant, and those whose process is gone; returns how many are left. */
export async function moveOut(folder: string, tenant: string): Promise<number> {
  await rm(join(folder, tenant), { force: true });
  let left = 0;
  for (const other of await readdir(folder)) {
    if (await isAlive(other.split(".", 1)[0] ?? "")) left += 1;
    else await rm(join(folder, other), { force: true });
  }
  return left;
}
