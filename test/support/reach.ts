import type { KeyRole } from "../../src/access/permission.js";
import type { CatalogReach } from "../../src/access/viewer.js";
import type { Caller, Gateway } from "./api.js";

export interface NarrowCaller extends Caller {
  readonly authorization: string;
  /** Lets the same key reach something else from now on. */
  reachOnly(reach: CatalogReach): Promise<void>;
}

/** A caller with a key of the role for which there is only a part of the catalog. */
export async function callerReaching({ app, database, withAuthorization }: Gateway, role: KeyRole, reach: CatalogReach): Promise<NarrowCaller> {
  const { key, record } = await app.apiKeys.create({ name: `test ${role}`, role, expiresAt: null, ...reach });
  return {
    authorization: `Bearer ${key}`,
    ...withAuthorization(`Bearer ${key}`),
    reachOnly: async ({ markets, products }) => {
      await database.pool.query("update api_key set markets = $2, products = $3 where id = $1", [record.id, markets, products]);
      app.apiKeys.known.forget(record.id);
    },
  };
}
