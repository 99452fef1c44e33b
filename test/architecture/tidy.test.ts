import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const FOLDERS = ["src", "test", "scripts", "bench", "explorer", "sdk", "prisma"];
const NOT_OURS = /(^|\/)(node_modules|dist|generated|__generated__)\//;
const TYPESCRIPT = /\.tsx?$/;
const MONEY = String.raw`(?:[aA]mount|[mM]inor|[pP]rice|[mM]oney|[bB]udget|\b[fF]ee|Fee|\b[rR]ate|Rate)`;

interface Source {
  readonly path: string;
  readonly text: string;
  /** Without comments, and with nothing inside quotes; every line and column stays where it is. */
  readonly code: string;
  /** Nothing but comments. */
  readonly comments: string;
}

interface Rule {
  readonly where: RegExp;
  /** Looked for in the code, unless `in` says otherwise. */
  readonly what: RegExp | ((source: Source) => boolean);
  readonly in?: "comments" | "path";
  readonly instead: string;
  /** Path and text of what the rule must catch, and of what it must let pass. */
  readonly bad: readonly [path: string, text: string];
  readonly good: readonly [path: string, text: string];
}

const RULES: readonly Rule[] = [
  {
    where: /^src\/(?!platform\/clock\.ts$)/,
    what: /\bnew Date\(\)|\bDate\.now\(|\bTemporal\.Now\b/,
    instead: "take `at`, or ask the Clock",
    bad: ["src/catalog/prices/price.ts", "const at = new Date();"],
    good: ["src/catalog/prices/price.ts", "const at = new Date(text); // not new Date()"],
  },
  {
    where: /^src\//,
    what: /\bparseFloat\b|\.toFixed\(2\)/,
    instead: "use Decimal and roundToMoney: not every currency has two digits, and no double holds 0.1",
    bad: ["src/kernel/money.ts", "return (cents / rate).toFixed(2);"],
    good: ["src/kernel/money.ts", "return value.toFixed(digits);"],
  },
  {
    where: /^src\//,
    what: /\bMath\.random\b/,
    instead: "use node:crypto for what must not be guessed; a rule takes what was drawn as a value",
    bad: ["src/access/api-key.ts", "const id = Math.random();"],
    good: ["src/access/api-key.ts", "const id = randomBytes(16);"],
  },
  {
    where: /^src\/(?!cli\/|main\.ts$)/,
    what: /\bconsole\./,
    instead: "take a logger, or a `say` function, from whoever starts you",
    bad: ["src/gateway.ts", "console.log(url);"],
    good: ["src/cli/schema.command.ts", "console.log(schema);"],
  },
  {
    // Handing the whole environment on, to readConfig or to a child process, reads nothing.
    where: /^src\/(?!platform\/config\.ts$)/,
    what: /(?<!readConfig\(|\.\.\.)\bprocess\.env\b/,
    instead: "add the variable to platform/config.ts and .env.example, and take its value",
    bad: ["src/platform/database/database.ts", 'const url = process.env["DATABASE_URL"];'],
    good: ["src/main.ts", "const config = readConfig(process.env);"],
  },
  {
    // A test looks into an answer as deep as its story goes; api.ts has the one name for that.
    where: /^(?!test\/support\/api\.ts$).*\.tsx?$/,
    what: /(?:[:<,|&=]\s*|\bas\s+)any\b(?!\s*[:(])/,
    instead: "use `unknown` and look at it, or say the type",
    bad: ["test/api/reads.test.ts", "plans.map((plan: any) => plan.key)"],
    good: ["test/api/reads.test.ts", 'query("= any($1)"); // as any other: any will do'],
  },
  {
    where: TYPESCRIPT,
    what: /[\w)\]]!(?!=)/,
    instead: "handle null where it can occur, or throw with the reason why it cannot",
    bad: ["src/app.ts", "return found.get(key)!.name;"],
    good: ["src/app.ts", 'if (!found || a !== b) throw new Error("Lost!");'],
  },
  {
    where: TYPESCRIPT,
    in: "comments",
    what: /@ts-(?:ignore|nocheck)/,
    instead: "use @ts-expect-error with the reason: it tells when it is needed no more",
    bad: ["src/app.ts", "// @ts-ignore"],
    good: ["src/app.ts", "// @ts-expect-error the package's types lag behind"],
  },
  {
    where: TYPESCRIPT,
    in: "comments",
    what: /eslint-disable(?![^\n]*\s--\s+\S)/,
    instead: "say after ` -- ` why the rule does not fit here",
    bad: ["src/app.ts", "// eslint-disable-next-line no-cond-assign"],
    good: ["src/app.ts", "// eslint-disable-next-line no-cond-assign -- the loop ends when the queue is empty"],
  },
  {
    where: TYPESCRIPT,
    what: ({ text }) => text.trimEnd().split("\n").length > 300,
    instead: "split it by what its callers use together: nobody keeps more than 300 lines in mind",
    bad: ["src/app.ts", "const a = 1;\n".repeat(301)],
    good: ["src/app.ts", "const a = 1;\n".repeat(300)],
  },
  {
    where: /^/,
    in: "path",
    what: /(?:^|[/._-])(?:utils?|helpers?|common|managers?)(?=[/._-])/i,
    instead: "name it after what is in it; if that needs an `and`, it is two files",
    bad: ["src/platform/date-utils.ts", ""],
    good: ["src/platform/clock.ts", ""],
  },
  {
    // The SDK's index.ts is the door of a package, which is another thing.
    where: /^(?:src|test|scripts|explorer|bench)\/.*\.tsx?$/,
    what: isBarrel,
    instead: "import from the file that declares it: a barrel loads everything and hides who needs what",
    bad: ["src/kernel/index.ts", 'export * from "./money.js";\nexport { isKey } from "./key.js";'],
    good: ["src/kernel/key.ts", 'export type { Key } from "./word.js";\nexport const isKey = true;'],
  },
  {
    where: /\.test\.tsx?$/,
    what: /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:only|skip|todo|fails)\b|\b(?:xit|xtest|xdescribe|fit|fdescribe)\(/,
    instead: "run it or remove it: a test that does not run proves nothing",
    bad: ["test/domain/money.test.ts", 'test.only("adds", () => undefined);'],
    good: ["test/domain/money.test.ts", 'test.each(CASES)("adds only once", () => undefined);'],
  },
  {
    // The API answers minor units as a JSON number, which holds every amount that Money may have.
    where: /^src\/(?!platform\/graphql\/money\.type\.ts$)/,
    what: new RegExp(String.raw`(?:\b(?:Number|parseInt|Math\.(?:round|floor|ceil|trunc))\(|[=(,:?]\s*\+)[^()\n;]*${MONEY}`),
    instead: "keep amounts in bigint and rates in Decimal: a number loses cents without saying so",
    bad: ["src/catalog/prices/price.ts", "const paid = Number(row.amountMinor);"],
    good: ["src/catalog/prices/price.ts", "const count = Number(row.count), paid = BigInt(row.amountMinor);"],
  },
  {
    where: /^(?:src|sdk)\//,
    what: /\b(?:\w*Minor|amount|price|fee|budget|\w*Rate|rate)\??: (?:readonly )?number\b/,
    instead: "declare money as Money or bigint minor units, rates as Decimal (as text where it leaves the process)",
    bad: ["src/catalog/prices/price.ts", "readonly amountMinor: number;"],
    good: ["src/catalog/prices/price.ts", "readonly amountMinor: bigint;"],
  },
  {
    where: /^src\//,
    what: /\.toNumber\(\)/,
    instead: "stay in Decimal; for whole numbers use BigInt(value.toFixed(0))",
    bad: ["src/kernel/money.ts", "return value.times(100).toNumber();"],
    good: ["src/kernel/money.ts", "return BigInt(value.toFixed(0));"],
  },
  {
    where: /^src\/(?:kernel|catalog|customers)\//,
    what: /[*/] 100(?![\d_.n])|\.(?:times|mul|div|dividedBy)\(100\)/,
    instead: "use currencyDigits for minor units (JPY has none, KWD three), or name the constant that says what a hundred is",
    bad: ["src/catalog/prices/price.ts", "const major = Number(minor) / 100;"],
    good: ["src/catalog/prices/price.ts", "const major = value.div(new Decimal(10).pow(currencyDigits(currency)));"],
  },
  {
    where: /^prisma\/.*\.(?:sql|prisma)$/,
    what: /\b(?:double precision|real|float[48]?|money)\b|\bFloat\b/,
    instead: "use bigint for minor units and numeric for rates: a floating column rounds what it is given",
    bad: ["prisma/migrations/1_price/migration.sql", "amount double precision not null"],
    good: ["prisma/migrations/1_price/migration.sql", "unit_rate numeric(20,12) -- real rates are small"],
  },
  {
    where: /^/,
    in: "comments",
    what: /\b(?:TODO|FIXME|XXX|HACK)\b/,
    instead: "do it now, or write down for the reader what is missing and what happens because of it",
    bad: ["src/app.ts", "const a = 1; // TODO: all the rest"],
    good: ["src/app.ts", 'const currency = "XXX"; // No currency at all, says ISO 4217.'],
  },
];

describe.each(RULES)("$instead", (rule) => {
  test("everywhere", () => expect(SOURCES.flatMap((source) => findBreaches(rule, source))).toEqual([]));
  test("the rule catches what is bad", () => expect(findBreaches(rule, readSource(...rule.bad))).toHaveLength(1));
  test("the rule lets pass what is good", () => expect(findBreaches(rule, readSource(...rule.good))).toEqual([]));
});

test("every folder is looked at", () => {
  const count = (folder: string): number => SOURCES.filter(({ path }) => path.startsWith(`${folder}/`)).length;
  expect(["src", "test", "scripts", "explorer", "sdk", "prisma"].filter((folder) => count(folder) === 0)).toEqual([]);
  expect(count("src")).toBeGreaterThan(100);
});

test("quotes and comments are told from code", () => {
  const { code, comments } = readSource("src/a.ts", `const a = \`it's \${b /* c */} d\`; // e\nconst f = /[/]'/g, h = 'i // j';`);
  expect(code).toBe(`const a = \`     \${b        }  \`;     \nconst f = /    /g, h = '      ';`);
  expect(comments).toBe(`${"/* c */".padStart(27)}${"// e".padStart(10)}\n${" ".repeat(32)}`);
});

/** One line for each place that breaks the rule: where, what stands there, what to do instead. */
function findBreaches(rule: Rule, source: Source): string[] {
  if (!rule.where.test(source.path)) return [];
  if (typeof rule.what === "function") return rule.what(source) ? [`${source.path}: ${rule.instead}`] : [];
  const text = rule.in === "path" ? source.path : rule.in === "comments" ? source.comments : source.code;
  return [...text.matchAll(new RegExp(rule.what, `${rule.what.flags}g`))].map(({ 0: found, index }) => {
    const line = rule.in === "path" ? "" : `:${source.text.slice(0, index).split("\n").length}`;
    return `${source.path}${line} has "${found.trim()}": ${rule.instead}`;
  });
}

function isBarrel({ path, text }: Source): boolean {
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return statements.some(ts.isExportDeclaration) && statements.every((statement) => ts.isExportDeclaration(statement) || ts.isImportDeclaration(statement));
}

function readSource(path: string, text: string): Source {
  if (/\.(?:sql|prisma)$/.test(path)) return { path, text, code: text.replace(/(?:--|\/\/).*/g, ""), comments: text };
  if (!TYPESCRIPT.test(path)) return { path, text, code: text, comments: text };
  const unquoted = blank(text, findQuoted(path, text));
  const comments = [...unquoted.matchAll(/\/\*[\s\S]*?\*\/|\/\/.*/g)].map(({ 0: found, index }): Stretch => [index, index + found.length]);
  const others = comments.flatMap(([from], index): Stretch[] => [[comments[index - 1]?.[1] ?? 0, from]]);
  return { path, text, code: blank(unquoted, comments), comments: blank(text, [...others, [comments.at(-1)?.[1] ?? 0, text.length]]) };
}

/** `[from, until)` in a text. */
type Stretch = readonly [from: number, until: number];

function blank(text: string, stretches: readonly Stretch[]): string {
  let blanked = text;
  for (const [from, until] of stretches) blanked = blanked.slice(0, from) + text.slice(from, until).replace(/[^\n]/g, " ") + blanked.slice(until);
  return blanked;
}

/** What stands inside quotes, templates, regular expressions and the text of elements. The parser knows; patterns would guess. */
function findQuoted(path: string, text: string): Stretch[] {
  const found: Stretch[] = [];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const visit = (node: ts.Node): void => {
    const from = node.getStart(file);
    if (ts.isJsxText(node)) found.push([from, node.end]);
    else if (ts.isRegularExpressionLiteral(node)) found.push([from + 1, from + text.slice(from, node.end).lastIndexOf("/")]);
    else if (ts.isTemplateHead(node) || ts.isTemplateMiddle(node)) found.push([from + 1, node.end - 2]);
    else if (ts.isTemplateTail(node) || ts.isStringLiteralLike(node)) found.push([from + 1, node.end - 1]);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function listSources(): Source[] {
  const paths = FOLDERS.filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
  return paths.filter((path) => !NOT_OURS.test(path)).map((path) => readSource(path, readFileSync(join(ROOT, path), "utf8")));
}

const SOURCES = listSources();
