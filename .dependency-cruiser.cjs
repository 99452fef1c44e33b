// Who may import whom. scripts/check-direction.ts reads this (`npm run check:direction`) and also fails when fewer modules were
// looked at than src/ holds. test/architecture/direction.test.ts breaks every rule once.
//
//   main -> startup -> app -> graphql -> */graphql -> services, ports -> rules -> kernel
//              app, startup, cli -> */storage -> ports
//
// Imports of types count like any other: a type is knowledge too.

/** The concept folders of src/catalog, from the ground up: each may import those of the rows above its own, not its neighbours. */
const CATALOG_ORDER = [
  ["releases"],
  ["markets"],
  ["products"],
  ["features"],
  ["plans"],
  ["entitlements", "prices", "discounts"],
  ["comparison"],
  ["codes"],
  ["quotes"],
  ["import"],
];

const CONCEPTS = "^src/(catalog|customers|access|events|datasets)/";
const GRAPHQL = "/graphql/";
const STORAGE = "/storage/";
const PORT = "\\.repository\\.ts$";
const SERVICE = "\\.service\\.ts$";
/** A concept's files are rules, unless they say how it is served or kept, what is asked of storage, or what a use case does. */
const RULE = `${CONCEPTS}(?!(graphql|storage)/)(?!.*/(graphql|storage)/)(?!.*\\.(repository|service)\\.ts$)`;
/** Where storage is joined to what asks for it: the gateway, what happens once at its start, and the commands people type. */
const COMPOSITION = "^src/(app|repositories)\\.ts$|^src/(startup|cli)/";
const ENTRY = `^src/[^/]+\\.ts$|${COMPOSITION}`;

const OUTSIDE = ["core", "npm", "npm-dev", "npm-optional", "npm-peer", "npm-bundled", "npm-no-pkg", "npm-unknown", "unknown", "undetermined"];
/** The modules of Node that only compute. */
const COMPUTING = "^(node:)?(crypto|zlib|buffer|util)$";
const EXACT_AND_TIME = packages("decimal.js", "temporal-polyfill");

function packages(...names) {
  return `(^|/)node_modules/(${names.join("|").replaceAll(".", "\\.")})/`;
}

function forbid(name, comment, from, to) {
  return { name, comment, severity: "error", from, to };
}

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    forbid("imports-resolve", "An import that leads nowhere hides what it would lead to from every other rule.", {}, { couldNotResolve: true }),
    forbid(
      "src-stands-alone",
      "What runs in production needs nothing of tests, scripts, benchmarks, the explorer or the SDK.",
      {},
      { path: "^(test|scripts|bench|explorer|sdk|dist)/" },
    ),
    forbid(
      "no-development-packages",
      "A production install lacks development packages: move the package to `dependencies`, or do without it.",
      {},
      { dependencyTypes: ["npm-dev", "npm-no-pkg"] },
    ),

    // 1. The kernel and the rules compute, nothing else.
    forbid(
      "kernel-imports-nothing-of-ours",
      "The kernel is the words that every concept uses. What needs a concept belongs to that concept.",
      { path: "^src/kernel/" },
      { path: "^src/", pathNot: "^src/kernel/" },
    ),
    forbid(
      "kernel-packages",
      "The kernel knows exact decimals, time, and currency-codes, which is data. It reads and writes nothing.",
      { path: "^src/kernel/" },
      { dependencyTypes: OUTSIDE, pathNot: [EXACT_AND_TIME, packages("currency-codes")] },
    ),
    forbid(
      "rule-packages",
      "Rules are pure functions over values: no package but decimals and time, no module of Node but those that only compute.",
      { path: RULE, pathNot: "^src/catalog/import/(reading|shapes)/" },
      { dependencyTypes: OUTSIDE, pathNot: [EXACT_AND_TIME, COMPUTING] },
    ),
    forbid(
      "file-format-packages",
      "These folders read catalog files and may use the libraries of the formats. They take text, so that they need no file system.",
      { path: "^src/catalog/import/(reading|shapes)/" },
      { dependencyTypes: OUTSIDE, pathNot: [EXACT_AND_TIME, COMPUTING, packages("yaml", "csv-parse", "zod")] },
    ),

    // 2. Rules take data; ports are asked by services.
    forbid(
      "rules-see-rules",
      "A rule sees the kernel and other rules, and takes data. Whoever calls it has asked the clock and the storage before.",
      { path: RULE },
      { path: "^src/", pathNot: ["^src/kernel/", RULE] },
    ),
    forbid(
      "ports-see-rules",
      "A port says in the words of the rules what is kept. It knows neither how nor who asks.",
      { path: `${CONCEPTS}.*${PORT}`, pathNot: STORAGE },
      { path: "^src/", pathNot: ["^src/kernel/", RULE, PORT] },
    ),
    forbid(
      "ports-are-for-services",
      "Services ask ports, and so do loaders and lists of graphql/, since a read has no decision to make. Rules take data.",
      { path: "^src/", pathNot: [SERVICE, PORT, STORAGE, GRAPHQL, COMPOSITION] },
      { path: PORT, pathNot: STORAGE },
    ),
    forbid(
      "graphql-is-the-outside",
      "Nothing inside knows how it is served: graphql/ calls services and loaders, never the other way.",
      { path: "^src/", pathNot: [GRAPHQL, ENTRY] },
      { path: GRAPHQL },
    ),
    forbid(
      "storage-knows-no-service",
      "Storage does what its port asks. What happens next is decided by the service that asked.",
      { path: STORAGE },
      { path: SERVICE },
    ),

    // 3. Serving and keeping do not know each other.
    forbid(
      "graphql-knows-no-storage",
      "A resolver that reaches the database goes around permissions, embargo and batches: ask a service or a loader.",
      { path: GRAPHQL },
      { path: [STORAGE, "^src/platform/database/"] },
    ),
    forbid(
      "storage-is-private",
      "How a concept is kept is its own affair: import its port. Only app.ts, startup/ and cli/ know which storage stands behind a port.",
      { path: "^src/", pathNot: [STORAGE, GRAPHQL, COMPOSITION] },
      { path: STORAGE },
    ),
    forbid(
      "storage-is-its-concepts-own",
      "The storage of another concept is private: import its port. That of releases is not: how released rows are read and written is the same for all.",
      { path: "^(src/.+)/storage/" },
      { path: STORAGE, pathNot: ["^$1/storage/", "^src/catalog/releases/storage/"] },
    ),

    // 4. Areas.
    forbid(
      "platform-knows-no-concept",
      "The platform could serve any service. What it needs of a concept is handed to it as a value or a function.",
      { path: "^src/platform/" },
      { path: "^src/", pathNot: "^src/(platform|kernel)/" },
    ),
    forbid(
      "catalog-knows-no-live-data",
      "What is offered does not depend on who bought it: customers, events and datasets may use the catalog, never the other way.",
      { path: "^src/catalog/" },
      { path: "^src/(customers|events|datasets)/" },
    ),
    forbid(
      "catalog-knows-rules-of-access",
      "Fields name the permission they need and ask whether a viewer has it. Keys and how they are kept are no business of the catalog.",
      { path: "^src/catalog/" },
      { path: "^src/access/", pathNot: "^src/access/(permission[^/]*|viewer|customer-reach)\\.ts$" },
    ),
    forbid(
      "access-knows-no-concept",
      "The other concepts ask what a caller may. Would access know them too, neither could be understood alone.",
      { path: "^src/access/" },
      { path: "^src/(catalog|customers|events|datasets)/" },
    ),
    forbid("entries-are-the-top", "What puts the parts together and starts them is known by none of them.", { path: "^src/", pathNot: ENTRY }, { path: ENTRY }),
    forbid(
      "graphql-assembly-is-above-concepts",
      "src/graphql joins what the concepts serve. A concept that knew the whole could not be read alone.",
      { path: CONCEPTS },
      { path: "^src/graphql/" },
    ),

    // 5. Cycles.
    forbid("no-cycles", "Files that import each other, even types only, can only be understood, moved and loaded together.", {}, { circular: true }),
    forbid(
      "catalog-concepts-have-a-place",
      "Give the new concept its place in CATALOG_ORDER, in .dependency-cruiser.cjs.",
      { path: `^src/catalog/(?!(${CATALOG_ORDER.flat().join("|")})/)` },
      {},
    ),
    ...CATALOG_ORDER.slice(0, -1).flatMap((row, index) =>
      row.map((concept) => {
        const notYet = [...row.filter((neighbour) => neighbour !== concept), ...CATALOG_ORDER.slice(index + 1).flat()];
        return forbid(
          `${concept}-knows-no-later-concept`,
          "A later concept adds its fields to an earlier one's type with a resolver of its own, so the earlier one never knows it.",
          { path: `^src/catalog/${concept}/` },
          { path: `^src/catalog/(${notYet.join("|")})/` },
        );
      }),
    ),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    // Without it the imports of types go unseen.
    tsPreCompilationDeps: true,
    doNotFollow: { path: ["node_modules", "^src/platform/database/generated/"] },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default", "types"] },
  },
};
