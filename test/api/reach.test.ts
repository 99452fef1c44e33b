import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permissionsOf, type CatalogReach } from "../../src/access/viewer.js";
import { startTestGateway, type Caller, type Gateway } from "../support/api.js";
import { everyRead, type Asked } from "../support/every-read.js";
import { publishPartnerCatalog } from "../support/partner-catalog.js";
import { callerReaching } from "../support/reach.js";
import { explore } from "../support/universe.js";

/** Codes of the catalog. */
const CODES = ["crossing-26", "split-26", "far-film-26", "worldly-26", "ending-26", "announced-26", "announced-film-26"];
const POINTS = ["{ release: 1 }", "{ release: 2 }", `{ time: "2026-04-15T00:00:00Z" }`];
const UPCOMING = [`{ release: 3, time: "2027-02-01T00:00:00Z" }`];

interface Case extends CatalogReach {
  readonly market: string;
  readonly roles: readonly ("partner" | "admin")[];
}

const CASES: readonly Case[] = [
  { markets: ["se"], products: ["music"], market: "se", roles: ["partner", "admin"] },
  { markets: ["nordics", "us", "atlantis"], products: ["music", "snacks", "nothing"], market: "us", roles: ["partner"] },
  { markets: null, products: ["video"], market: "de", roles: ["partner"] },
  { markets: ["de"], products: null, market: "de", roles: ["partner"] },
  { markets: ["nowhere"], products: ["atlantis"], market: "se", roles: ["partner"] },
];

/**
 * What is out of reach is as if it were not there: the same is asked of a gateway that has the whole catalog, by somebody who reaches a
 * part of it, and of one that has no more than this part. Whoever asks knows every key, id and cursor of the whole.
 */
describe("who reaches a part of the catalog cannot tell it from a catalog that has no more", () => {
  let whole: Awaited<ReturnType<typeof startTestGateway>>;
  beforeAll(async () => {
    whole = await startTestGateway("empty");
    await publishPartnerCatalog(whole.gateway);
  });
  afterAll(() => whole.stop());

  test.for(CASES)("markets $markets, products $products", { timeout: 300_000 }, async ({ market, roles, ...reach }) => {
    const part = await startTestGateway("empty");
    try {
      await publishPartnerCatalog(part.gateway, reach);
      for (const role of roles) {
        const narrow = await callerReaching(whole.gateway, role, reach);
        const everything = await part.gateway.as(role);
        const asked = await askedBy(whole.gateway, role, market);
        for (const { field, document } of everyRead(asked)) await expectSame([narrow, everything], document, `${role} ${field}`);
      }
    } finally {
      await part.stop();
    }
  });
});

async function askedBy(gateway: Gateway, role: "partner" | "admin", market: string): Promise<Asked> {
  const { schema } = gateway.app;
  const universe = await explore(await gateway.as("admin"), schema);
  const points = role === "admin" ? [...POINTS, ...UPCOMING] : POINTS;
  return { schema, universe, market, permissions: permissionsOf([role]), points, codes: CODES };
}

async function expectSame([narrow, everything]: readonly [Caller, Caller], document: string, what: string): Promise<void> {
  const [one, other] = await Promise.all([narrow.query(document), everything.query(document)]);
  expect(one.text, `${what} ${document}`).toBe(other.text);
  expect(one.status).toBe(other.status);
  // What is refused before it is executed compares nothing.
  expect(one.status, `${one.text} ${document}`).toBe(200);
  expect(one.text).not.toContain("INTERNAL");
}
