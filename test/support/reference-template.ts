import { connectDatabase } from "../../src/platform/database/database.js";
import { systemClock } from "../../src/platform/clock.js";
import { loadReferenceCatalog } from "../../src/startup/reference-catalog.js";

/** Loads the reference catalog into the database from which every `createTestDatabase("reference")` is cloned. */
export async function fillReferenceTemplate(url: string): Promise<void> {
  const database = connectDatabase({ url, maxConnections: 1 });
  try {
    await loadReferenceCatalog(database, { clock: systemClock, say: () => undefined });
  } finally {
    await database.close();
  }
}
