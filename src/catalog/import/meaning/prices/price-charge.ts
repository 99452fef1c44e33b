import type { CurrencyCode } from "../../../../kernel/currency.js";
import type { Decimal } from "../../../../kernel/decimal.js";
import { PRICE_MODELS, type PriceModel } from "../../../prices/price.js";
import type { DataRow } from "../../../releases/versioned-tables.js";
import { Trouble } from "../../problem.js";
import type { PriceField } from "../../shapes/price.shape.js";
import { readAmount, readChoice, readDecimal } from "../../shapes/values.js";
import { show } from "../../source.js";
import type { PriceCells } from "./price-cells.js";
import { readPriceTiers } from "./price-tiers.js";

const RATE_DIGITS = { integer: 8, fraction: 12 };
const UNIT_DIGITS = { integer: 14, fraction: 6 };

type Charge = Pick<
  DataRow<"price">,
  "model" | "tax_included" | "amount_minor" | "unit_rate" | "package_size" | "free_units" | "minimum_minor" | "maximum_minor" | "tiers"
>;

const METERED: readonly PriceModel[] = PRICE_MODELS.filter((model) => model !== "FLAT");

/** The fields that not every model has, and those whom it is nothing without. A flat price has no units, and bounds would contradict it. */
const MODELS_WITH = {
  amount: { models: PRICE_MODELS, needing: ["FLAT"] },
  rate: { models: ["PER_UNIT", "PACKAGE"], needing: ["PER_UNIT", "PACKAGE"] },
  packageSize: { models: ["PACKAGE"], needing: ["PACKAGE"] },
  tiers: { models: ["GRADUATED", "VOLUME"], needing: ["GRADUATED", "VOLUME"] },
  freeUnits: { models: METERED, needing: [] },
  minimum: { models: METERED, needing: [] },
  maximum: { models: METERED, needing: [] },
} as const satisfies Partial<Record<PriceField, { models: readonly PriceModel[]; needing: readonly PriceModel[] }>>;

/** How much is charged. What is broken is reported and left out. */
export function readCharge(cells: PriceCells, currency: CurrencyCode | undefined): Charge {
  const model = cells.text.model === null ? "FLAT" : (cells.read("model", (text) => readChoice(PRICE_MODELS, text)) ?? null);
  if (model !== null) checkFieldsOfModel(cells, model);
  const money = (field: "amount" | "minimum" | "maximum"): bigint | null =>
    (currency === undefined ? null : cells.read(field, (text) => readAmount(text, currency))) ?? null;
  const amount = money("amount");
  const minimum = money("minimum");
  const maximum = money("maximum");
  if (minimum !== null && maximum !== null && minimum > maximum)
    cells.refuse("minimum", "BOUNDS_CROSSED", `The minimum ${cells.text.minimum} is above the maximum ${cells.text.maximum}. Swap or correct them.`);
  return {
    model,
    tax_included: cells.read("taxIncluded", readFlag) ?? true,
    amount_minor: (amount ?? 0n).toString(),
    unit_rate: decimalText(cells.read("rate", (text) => readDecimal(text, RATE_DIGITS))),
    package_size: decimalText(cells.read("packageSize", readPackageSize)),
    free_units: decimalText(cells.read("freeUnits", (text) => readDecimal(text, UNIT_DIGITS))) ?? "0",
    minimum_minor: minimum?.toString() ?? null,
    maximum_minor: maximum?.toString() ?? null,
    tiers: currency === undefined ? null : readPriceTiers(cells, currency, { rate: RATE_DIGITS, units: UNIT_DIGITS }),
  };
}

function checkFieldsOfModel(cells: PriceCells, model: PriceModel): void {
  for (const [name, { models, needing }] of Object.entries(MODELS_WITH)) {
    const field = name as keyof typeof MODELS_WITH;
    const value = cells.text[field];
    if (value === null && (needing as readonly PriceModel[]).includes(model))
      cells.refuse(field, "FIELD_MISSING", `It is missing; a price of model ${model} needs ${field}. Give it.`);
    if (value && !(models as readonly PriceModel[]).includes(model))
      cells.refuse(field, "FIELD_NOT_ALLOWED", `A price of model ${model} has no ${field}. Remove it, or choose another model.`);
  }
}

function readPackageSize(text: string): Decimal | Trouble {
  const size = readDecimal(text, UNIT_DIGITS);
  return size instanceof Trouble || size.gt(0) ? size : new Trouble("NUMBER_OUT_OF_RANGE", "A package of 0 units never comes to an end. Give more than 0.");
}

/** Spreadsheets write TRUE and FALSE. */
function readFlag(text: string): boolean | Trouble {
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  return new Trouble("CHOICE_UNKNOWN", `${show(text)} is neither true nor false. Give one of them.`);
}

function decimalText(value: Decimal | null | undefined): string | null {
  return value?.toFixed() ?? null;
}
