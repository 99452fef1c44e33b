import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTemporaryFolder } from "../support/temporary-folder.js";
import { answerBySchema, startServer } from "./support/schema-server.js";
import { compile, installedVersion, installPackage, packSdk, projectFolder, type PackageManifest } from "./support/sdk-project.js";

/** What a caller's compiler must refuse; a line that it accepts fails the build of the consumer. */
const REFUSED = `
import { createCatalogClient, PriceListDocument, PricingPageDocument, DiscountsInMarketDocument, MarketsDocument, type PriceFilter } from "catalog-gateway-sdk";
const catalog = createCatalogClient({ url: "http://localhost/graphql" });
// @ts-expect-error -- a variable is missing
await catalog.query(PricingPageDocument, { market: "se" });
// @ts-expect-error -- all variables are missing
await catalog.query(PricingPageDocument);
// @ts-expect-error -- a variable has the wrong type
await catalog.query(MarketsDocument, { first: "50" });
// @ts-expect-error -- there is no such variable
await catalog.query(MarketsDocument, { first: 50, country: "SE" });
// @ts-expect-error -- undefined would be no filter at all
await catalog.query(PriceListDocument, { first: 50, filter: undefined });
// @ts-expect-error -- there is no such value
const filter: PriceFilter = { models: ["FLATT"] };
const { markets } = await catalog.query(MarketsDocument, { first: 50 });
// @ts-expect-error -- results cannot be changed
markets.totalCount = 1;
// @ts-expect-error -- the operation does not ask for it
markets.edges[0]?.node.kind;
// @ts-expect-error -- a plain currency code may be missing, and so may a country
markets.edges[0]?.node.countryCode.length;
// @ts-expect-error -- there is no such variable here either
catalog.pages(PriceListDocument, { first: 50, last: 50 }, ({ prices }) => prices);
// @ts-expect-error -- an operation without $after has no next page
catalog.pages(DiscountsInMarketDocument, { market: "se" }, () => null);
// @ts-expect-error -- the page does not say whether there is another
catalog.pages(PriceListDocument, { first: 50 }, ({ prices }) => prices.edges);
export { filter };
`;

const PRICE = { key: "premium/se", interval: "P1M", taxIncluded: true, amount: { amountMinor: 11900, currency: "SEK", formatted: "119,00 kr" } };
const SWEDISH_MUSIC = {
  market: { key: "se", name: "Sverige", currency: "SEK" },
  plans: [
    { plan: { key: "free", kind: "BASE", rank: 0, name: "Free", description: "" }, prices: [] },
    { plan: { key: "premium", kind: "BASE", rank: 1, name: "Premium", description: "" }, prices: [PRICE] },
  ],
  features: [],
};

let folder: string;
let consumer: string;
let packageFolder: string;
let manifest: PackageManifest;

beforeAll(async () => {
  folder = await makeTemporaryFolder();
  consumer = join(folder, "consumer");
  ({ packageFolder, manifest } = await installPackage(await packSdk(folder), consumer));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the package holds what is built and nothing else, and runs nothing when it is installed", () => {
  expect(readdirSync(packageFolder).sort()).toEqual(["LICENSE", "README.md", "dist", "package.json"]);
  expect(readdirSync(join(packageFolder, "dist")).filter((file) => !/\.(js|d\.ts)$/.test(file))).toEqual(["generated"]);
  expect(manifest).toMatchObject({ name: "catalog-gateway-sdk", license: "Apache-2.0" });
  expect(manifest.scripts).toBeUndefined();
});

test("the package asks for the versions that the project is tested with", async () => {
  for (const [name, version] of Object.entries(manifest.dependencies)) expect(`${name}@${version}`).toBe(`${name}@${await installedVersion(name)}`);
  expect(manifest.peerDependencies).toEqual({ graphql: `^${(await installedVersion("graphql")).split(".", 1)[0]}.0.0` });
});

test("an application that installed it compiles, with the example and all that the README shows, and runs", async () => {
  const example = await readFile(join(projectFolder, "sdk", "examples", "pricing-page.ts"), "utf8");
  const readme = await readFile(join(packageFolder, "README.md"), "utf8");
  const shown = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code ?? "");
  expect(shown).not.toEqual([]);
  await writeFiles(join(consumer, "src"), {
    "pricing-page.ts": example.replace("../src/index.js", manifest.name),
    "readme.ts": shown.join("\n"),
    "refused.ts": REFUSED,
    // In place of Node's types: the package must not need them, and checking them would take longer than all the rest.
    "process.d.ts": "declare const process: { readonly env: Readonly<Record<string, string | undefined>>; readonly argv: readonly string[] };",
  });
  await writeFiles(consumer, {
    "package.json": JSON.stringify({ name: "consumer", private: true, type: "module" }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        target: "ES2022",
        module: "NodeNext",
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        types: [],
        rootDir: "src",
        outDir: "out",
      },
      include: ["src"],
    }),
  });
  await compile(join(consumer, "tsconfig.json"));

  const server = await startServer(answerBySchema({ comparePlans: SWEDISH_MUSIC }));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(consumer, "out", "pricing-page.js"), server.url, "se", "music"]);
    expect(stdout).toBe(["music in Sverige", "Free                        not sold here", "Premium                     119,00 kr (P1M)", ""].join("\n"));
  } finally {
    await server.close();
  }
});

async function writeFiles(into: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(into, { recursive: true });
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(into, name), content)));
}
