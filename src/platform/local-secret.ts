import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A secret of this installation: made once, kept in a file that only its owner reads. For embedded use; servers are configured. */
export async function localSecret(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  try {
    // "wx" makes one of two processes that start at once the maker; the other reads what it made.
    await writeFile(file, randomBytes(32).toString("hex"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return readFile(file, "utf8");
}
