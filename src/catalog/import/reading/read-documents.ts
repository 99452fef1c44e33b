import type { Report } from "../problem.js";
import { UnreadableFile, type CatalogFile } from "./catalog-file.js";
import { readDocument } from "./document.js";
import { noDrafts, readDrafts, type Drafts } from "./drafts.js";
import type { SortedFiles } from "./sort-files.js";

/** What the YAML and JSON files say together, and whether all of them could be read. */
export async function readDocuments({ documents, allKnown }: SortedFiles, report: Report): Promise<{ drafts: Drafts; allFilesRead: boolean }> {
  const drafts = noDrafts();
  let allFilesRead = allKnown;
  for (const { file, kind } of documents) {
    const tree = await unlessUnreadable(file, report, () => readDocument(file, kind, report));
    if (tree) readDrafts(tree, drafts, report);
    else allFilesRead = false;
  }
  return { drafts, allFilesRead };
}

/** Reports a file that cannot be read. Other errors are faults. */
export async function unlessUnreadable<T>(file: CatalogFile, report: Report, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    report({ file: file.name, line: 1, path: "" }, "FILE_UNREADABLE", error.message);
    return null;
  }
}
