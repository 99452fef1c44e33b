import type { Role } from "../../src/access/permission.js";
import type { CatalogReach, Viewer } from "../../src/access/viewer.js";
import type { App } from "../../src/app.js";
import type { Caller, Gateway } from "./api.js";

/** Which keys of a gateway reach less than everything, until keys say it themselves. */
const narrowed = new WeakMap<App, Map<string, CatalogReach>>();

export interface NarrowCaller extends Caller {
  /** Lets the same key reach something else from now on. */
  reachOnly(reach: CatalogReach): void;
}

/** A caller with a key of the role for which there is only a part of the catalog. */
export async function callerReaching({ app, withAuthorization }: Gateway, role: Role, reach: CatalogReach): Promise<NarrowCaller> {
  const { key } = await app.apiKeys.create({ name: `test ${role}`, role, expiresAt: null });
  reachesOf(app).set(key, reach);
  return { ...withAuthorization(`Bearer ${key}`), reachOnly: (other) => reachesOf(app).set(key, other) };
}

function reachesOf(app: App): Map<string, CatalogReach> {
  const known = narrowed.get(app);
  if (known) return known;
  const reaches = new Map<string, CatalogReach>();
  narrowed.set(app, reaches);
  const verify = app.apiKeys.verify.bind(app.apiKeys);
  app.apiKeys.verify = async (key): Promise<Viewer | null> => {
    const viewer = await verify(key);
    return viewer && { ...viewer, catalog: reaches.get(key) ?? viewer.catalog };
  };
  return reaches;
}
