import type { ImportTransaction, StagedPrice } from "./import.repository.js";
import type { CheckReference } from "./meaning/next-catalog.js";
import { readPrice } from "./meaning/prices/price.js";
import type { Report } from "./problem.js";
import { unlessUnreadable } from "./reading/read-documents.js";
import { readPriceTexts } from "./reading/price-texts.js";
import type { SortedFiles } from "./reading/sort-files.js";
import type { PriceText } from "./shapes/price.shape.js";
import type { Draft } from "./source.js";

export interface PriceImport {
  readonly files: SortedFiles;
  /** Those that YAML and JSON files give. */
  readonly drafts: readonly Draft<PriceText>[];
  readonly check: CheckReference;
  readonly report: Report;
  /** Told how many prices were read so far. */
  readonly onRead: (prices: number) => void;
}

/** Stages all prices that are sound by themselves. A price list is never in memory as a whole. */
export async function importPrices(transaction: ImportTransaction, { files, drafts, check, report, onRead }: PriceImport): Promise<void> {
  const fileNumbers = new Map(files.names.map((name, index) => [name, index]));
  let read = 0;
  const stage = async (batch: readonly Draft<PriceText>[]): Promise<void> => {
    const sound = batch.flatMap(({ fields, source }): StagedPrice[] => {
      const price = readPrice(fields, source, check, report);
      if (!price) return [];
      const { line, path } = source.place();
      return [{ ...price, at: { fileNumber: fileNumbers.get(source.file) ?? 0, line: line ?? 0, path } }];
    });
    await transaction.stagePrices(sound);
    read += batch.length;
    onRead(read);
  };
  await stage(drafts);
  for (const file of files.priceLists) {
    await unlessUnreadable(file, report, async () => {
      for await (const batch of readPriceTexts(file, report)) await stage(batch);
    });
  }
}
