import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Decimal } from "../../src/kernel/decimal.js";
import { readPrice } from "../../src/catalog/import/meaning/prices/price.js";
import { problemList, Trouble } from "../../src/catalog/import/problem.js";
import { cleanValue } from "../../src/catalog/import/reading/text.js";
import { PRICE_COLUMNS, type PriceText } from "../../src/catalog/import/shapes/price.shape.js";
import { parseTiers } from "../../src/catalog/import/shapes/tiers.js";
import { readAmount, readCountry, readDecimal, readInstant, readLocale, readTimeZone } from "../../src/catalog/import/shapes/values.js";

const NOTHING = Object.fromEntries(PRICE_COLUMNS.known.map((column) => [column, null])) as unknown as PriceText;
const MONTHLY = { plan: "duo", market: "se", currency: "SEK", interval: "P1M", from: "2026-01-01" };

function read(text: { readonly [Field in keyof PriceText]?: PriceText[Field] | undefined }) {
  const { report, first } = problemList();
  const source = { file: "f", place: (path: string | number = "") => ({ file: "f", line: 1, path: String(path) }) };
  const price = readPrice({ ...NOTHING, ...MONTHLY, ...text }, source, () => true, report);
  return { ...price, problems: first().map(({ path, code }) => `${path} ${code}`) };
}

function tiers(text: string) {
  const parsed = parseTiers(text);
  if (parsed instanceof Trouble) throw new Error(parsed.message);
  return parsed;
}

describe("a price becomes a row", () => {
  test.each`
    what                                         | text                                                                                                             | row
    ${"flat, with all that is left out"}         | ${{ amount: "119" }}                                                                                             | ${{ key: "duo/se/SEK/P1M/*/*/20260101T000000Z", model: "FLAT", amount_minor: "11900", tax_included: true, free_units: "0", unit_rate: null, tiers: null, effective_until: null, existing_from: null }}
    ${"digits that carry nothing"}               | ${{ amount: "10.9900", currency: "EUR" }}                                                                        | ${{ amount_minor: "1099" }}
    ${"a currency without digits"}               | ${{ amount: "1200", currency: "JPY" }}                                                                           | ${{ amount_minor: "1200" }}
    ${"a currency of three digits"}              | ${{ amount: "4.75", currency: "KWD" }}                                                                           | ${{ amount_minor: "4750" }}
    ${"the largest amount"}                      | ${{ amount: "90071992547409.91" }}                                                                               | ${{ amount_minor: "9007199254740991" }}
    ${"twelve months are a year"}                | ${{ amount: "1", interval: "P12M" }}                                                                             | ${{ key: "duo/se/SEK/P1Y/*/*/20260101T000000Z", interval: "P1Y" }}
    ${"for one channel and segment"}             | ${{ amount: "1", channel: "web", segment: "student" }}                                                           | ${{ key: "duo/se/SEK/P1M/web/student/20260101T000000Z", channel: "web", segment: "student" }}
    ${"an instant with its offset"}              | ${{ amount: "1", from: "2026-01-01T01:00:00.250+01:00" }}                                                        | ${{ key: "duo/se/SEK/P1M/*/*/20260101T000000.250Z", effective_from: "2026-01-01T00:00:00.250Z" }}
    ${"kept by existing subscriptions"}          | ${{ amount: "1", existing: "KEEP" }}                                                                             | ${{ existing_from: null }}
    ${"for existing subscriptions at once"}      | ${{ amount: "1", existing: "2026-01-01" }}                                                                       | ${{ existing_from: "2026-01-01T00:00:00.000Z" }}
    ${"by unit, with a fixed part and bounds"}   | ${{ model: "PER_UNIT", rate: "0.000000000001", amount: "5", minimum: "1", maximum: "1", freeUnits: "0.500000" }} | ${{ unit_rate: "0.000000000001", amount_minor: "500", minimum_minor: "100", maximum_minor: "100", free_units: "0.5" }}
    ${"by package"}                              | ${{ model: "PACKAGE", rate: "2", packageSize: "1000" }}                                                          | ${{ unit_rate: "2", package_size: "1000", amount_minor: "0" }}
    ${"in tiers"}                                | ${{ model: "GRADUATED", tiers: tiers("100@0.10; 500@0.050+2.00; *@0.02") }}                                      | ${{ tiers: [{ upTo: "100", unitRate: "0.1", flatFeeMinor: "0" }, { upTo: "500", unitRate: "0.05", flatFeeMinor: "200" }, { upTo: null, unitRate: "0.02", flatFeeMinor: "0" }] }}
    ${"in one tier"}                             | ${{ model: "VOLUME", tiers: tiers("*@1;") }}                                                                     | ${{ tiers: [{ upTo: null, unitRate: "1", flatFeeMinor: "0" }] }}
    ${"without tax, as a spreadsheet writes it"} | ${{ amount: "1", taxIncluded: "FALSE" }}                                                                         | ${{ tax_included: false }}
  `("$what", ({ text, row }) => {
    const price = read(text);
    expect(price.problems).toEqual([]);
    expect(price.row).toMatchObject(row);
  });

  test("and says whether it said what existing subscriptions pay", () => {
    expect(read({ amount: "1" }).saysExisting).toBe(false);
    expect(read({ amount: "1", existing: "KEEP" }).saysExisting).toBe(true);
  });

  test("all that is wrong with it is told at once", () => {
    expect(
      read({
        plan: "Duo",
        currency: "EURO",
        interval: "monthly",
        from: null,
        until: "soon",
        model: "FLAT",
        rate: "1",
        tiers: [],
        taxIncluded: "maybe",
      }).problems.sort(),
    ).toEqual([
      "amount FIELD_MISSING",
      "currency CURRENCY_UNKNOWN",
      "from FIELD_MISSING",
      "interval INTERVAL_MALFORMED",
      "plan KEY_MALFORMED",
      "rate FIELD_NOT_ALLOWED",
      "taxIncluded CHOICE_UNKNOWN",
      "tiers FIELD_NOT_ALLOWED",
      "until INSTANT_MALFORMED",
    ]);
  });

  test("what was broken before it came here is not told again", () => {
    expect(read({ amount: undefined })).toEqual({ problems: [] });
  });

  test("no text makes it throw", () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom("", "1e3", "-0", "0x10", "１０", "NaN", "Infinity", "KEEP", "PER_UNIT", "EUR", "2026-01-01", "9".repeat(100)),
    );
    const cells = fc.record(Object.fromEntries(PRICE_COLUMNS.known.filter((column) => column !== "tiers").map((column) => [column, fc.option(word)])));
    fc.assert(
      fc.property(cells, word, (text, tierText) => {
        const parsed = parseTiers(tierText);
        const { row, problems } = read({ ...text, tiers: parsed instanceof Trouble ? null : parsed });
        expect(row === undefined).toBe(problems.length > 0);
      }),
    );
  });
});

describe("values", () => {
  test("an amount is read exactly or not at all", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
        fc.constantFrom(["EUR", 2] as const, ["JPY", 0] as const, ["KWD", 3] as const),
        (minor, [currency, digits]) => {
          const text = new Decimal(minor.toString()).div(new Decimal(10).pow(digits)).toFixed(digits);
          expect(readAmount(text, currency)).toBe(minor);
          expect(readAmount(`${text}${digits === 0 ? ".5" : "5"}`, currency)).toMatchObject({ code: "AMOUNT_WRONG_DIGITS" });
        },
      ),
    );
  });

  test("a decimal is read exactly or not at all", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }), (unscaled) => {
        const text = new Decimal(unscaled.toString()).div("1e12").toFixed();
        const value = readDecimal(text, { integer: 8, fraction: 12 });
        expect(value instanceof Trouble ? value : value.toFixed()).toBe(text);
      }),
    );
  });

  test.each([
    ["Europe/Stockholm", true],
    ["America/Argentina/Buenos_Aires", true],
    ["America/Port-au-Prince", true],
    ["Asia/Kolkata", true],
    ["Etc/UTC", true],
    ["UTC", true],
    ["utc", false],
    ["europe/stockholm", false],
    ["EUROPE/STOCKHOLM", false],
    ["CET", false],
    ["GMT+1", false],
    ["+01:00", false],
    ["Europe/Nowhere", false],
    ["", false],
  ])("%s is a time zone: %s", (text, isOne) => {
    expect(readTimeZone(text) === text).toBe(isOne);
  });

  test.each([
    ["NO", "NO"],
    ["XK", "XK"],
    ["UK", 'Did you mean "GB"?'],
    ["se", 'Did you mean "SE"?'],
    ["SWE", "such as SE"],
    ["EU", "such as SE"],
    ["ZZ", "such as SE"],
  ])("the country %s: %s", (text, expected) => {
    const country = readCountry(text);
    expect(country instanceof Trouble ? country.message : country).toContain(expected);
  });

  test.each([
    ["pt-br", "pt-BR"],
    ["zh-hant-tw", "zh-Hant-TW"],
    ["pt_BR", 'Did you mean "pt-BR"?'],
    ["german language", "such as de"],
  ])("the locale %s: %s", (text, expected) => {
    const locale = readLocale(text);
    expect(locale instanceof Trouble ? locale.message : locale).toContain(expected);
  });

  test("instants stay where the database can keep them", () => {
    expect(readInstant("9999-12-31T23:59:59.999Z")).toBeInstanceOf(Date);
    expect(readInstant("1970-01-01")).toBeInstanceOf(Date);
    for (const text of ["9999-12-31T23:59:59.999-01:00", "1969-12-31", "0000-01-01", "+10000-01-01"])
      expect(readInstant(text)).toMatchObject({ code: "INSTANT_MALFORMED" });
  });

  test("texts are kept composed, without what surrounds them; what no text may hold is refused", () => {
    expect(cleanValue(" Cafe\u0301\r\nau lait\u00a0\n")).toBe("Café\nau lait");
    for (const bad of ["a\u0000b", "a\u001Bb", "a\u0085b", "\ud800", "\udc00\ud800"]) expect(cleanValue(bad)).toMatchObject({ code: "TEXT_NOT_ALLOWED" });
    expect(cleanValue("😀\tb")).toBe("😀\tb");
  });
});
