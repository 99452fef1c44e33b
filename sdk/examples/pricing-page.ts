// What the plans of a product cost in a market: npm run -s sdk:example -- [url] [market] [product]
import { createCatalogClient, PricingPageDocument } from "../src/index.js"; // In a project of yours: "catalog-gateway-sdk".

const [url = process.env["CATALOG_URL"] ?? "http://127.0.0.1:4000/graphql", market = "se", product = "music"] = process.argv.slice(2);
const catalog = createCatalogClient({ url, apiKey: process.env["CATALOG_API_KEY"] });

const { comparePlans } = await catalog.query(PricingPageDocument, { market, product });
if (comparePlans === null) throw new Error(`There is no market "${market}" or no product "${product}".`);

console.log(`${product} in ${comparePlans.market.name}`);
for (const { plan, prices } of comparePlans.plans) {
  console.log(`${plan.name.padEnd(28)}${prices.map(({ amount, interval }) => `${amount.formatted} (${interval})`).join("  ") || "not sold here"}`);
}
