import { Trouble, type Report } from "../problem.js";
import { PRICE_COLUMNS, type PriceField, type PriceText } from "../shapes/price.shape.js";
import { parseTiers } from "../shapes/tiers.js";
import type { Draft, Read } from "../source.js";
import type { CatalogFile } from "./catalog-file.js";
import { readPriceList, type Row } from "./price-list.js";

/** The prices of a price list, in pieces of what arrives together. */
export async function* readPriceTexts(file: CatalogFile, report: Report): AsyncGenerator<Draft<PriceText>[]> {
  for await (const rows of readPriceList(file, PRICE_COLUMNS, report)) yield rows.map((row) => priceDraft(file.name, row, report));
}

function priceDraft(file: string, { line, cells }: Row, report: Report): Draft<PriceText> {
  const place = (column = ""): { file: string; line: number; path: string } => ({ file, line, path: column });
  const fields: Record<string, unknown> = {};
  for (const column of PRICE_COLUMNS.known) fields[column] = cells[column] ?? null;
  if (cells["tiers"] !== undefined) {
    const tiers = parseTiers(cells["tiers"]);
    if (tiers instanceof Trouble) report(place("tiers" satisfies PriceField), tiers.code, tiers.message);
    fields["tiers"] = tiers instanceof Trouble ? undefined : tiers;
  }
  return { source: { file, place: (column) => place(column?.toString()) }, fields: fields as Read<PriceText> };
}
