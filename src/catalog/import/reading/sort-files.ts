import type { Report } from "../problem.js";
import { show } from "../source.js";
import { kindOfFile, type CatalogFile } from "./catalog-file.js";

/** Files by what they are. Each list is in the order of names, so that the order in which they were named makes no difference. */
export interface SortedFiles {
  readonly documents: readonly { readonly file: CatalogFile; readonly kind: "YAML" | "JSON" }[];
  readonly priceLists: readonly CatalogFile[];
  readonly names: readonly string[];
  /** False if it is not known what some of them hold. */
  readonly allKnown: boolean;
}

export function sortFiles(files: readonly CatalogFile[], report: Report): SortedFiles {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const documents: { file: CatalogFile; kind: "YAML" | "JSON" }[] = [];
  const priceLists: CatalogFile[] = [];
  for (const file of sorted) {
    const kind = kindOfFile(file.name);
    const place = { file: file.name, line: 1, path: "" };
    if (file.unreadable !== undefined) report(place, "FILE_UNREADABLE", file.unreadable);
    else if (kind === "CSV") priceLists.push(file);
    else if (kind) documents.push({ file, kind });
    else
      report(
        place,
        "FILE_KIND_UNKNOWN",
        `What ${show(file.name)} holds is told by its ending, and this one is unknown. Catalog files end in .yaml, .yml, .json or .csv.`,
      );
  }
  return { documents, priceLists, names: sorted.map(({ name }) => name), allKnown: documents.length + priceLists.length === sorted.length };
}
