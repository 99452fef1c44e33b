import { readFile } from "node:fs/promises";
import { hashDocument, type TrustedDocuments } from "../graphql/arrival/trusted-documents.js";
import { EXIT_CODE, explainFileError, OperatorError } from "../platform/operator-error.js";

/** Reads manifests: JSON objects of documents by their hashes, as "sha256:…" or the digits alone. Null = no file is named. */
export async function readTrustedDocuments(files: readonly string[]): Promise<TrustedDocuments | null> {
  if (files.length === 0) return null;
  const documents = new Map<string, string>();
  for (const file of files) {
    for (const [id, text] of Object.entries(await readManifest(file))) {
      // A hash that is not that of its text would let callers run what nobody has looked at under this name.
      const isSound = typeof text === "string" && id.replace(/^sha256:/, "") === hashDocument(text);
      if (!isSound) throw notUsable(file, `"${id.slice(0, 80)}" is not the SHA-256 of the document beside it`);
      documents.set(hashDocument(text), text);
    }
  }
  return documents;
}

async function readManifest(file: string): Promise<object> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") throw notUsable(file, "there is no such file");
    throw explainFileError(error, `Cannot read the trusted documents of ${file}`);
  });
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest === "object" && manifest !== null && !Array.isArray(manifest)) return manifest;
  } catch {
    // Said below, like any other file that is no manifest.
  }
  throw notUsable(file, 'it is not a JSON object like { "sha256:…": "query …" }');
}

function notUsable(file: string, why: string): OperatorError {
  return new OperatorError(`TRUSTED_DOCUMENTS names ${file}, but ${why}.`, EXIT_CODE.CONFIG);
}
