import { createReadStream, type Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { kindOfFile, UnreadableFile, type CatalogFile } from "../reading/catalog-file.js";

/**
 * The files that paths name: a folder stands for all catalog files in it and in its folders, but for hidden ones. A file that
 * is named twice, by itself and through its folder, is one. What cannot be read is told when it is opened.
 */
export async function filesOnDisk(paths: readonly string[]): Promise<CatalogFile[]> {
  const files = new Map<string, CatalogFile>();
  for (const path of paths) await collect(path, files, new Set());
  return [...files.values()];
}

async function collect(path: string, files: Map<string, CatalogFile>, within: ReadonlySet<string>): Promise<void> {
  try {
    const identity = await realpath(path);
    const found = await stat(path);
    if (!found.isDirectory()) {
      files.set(identity, files.get(identity) ?? (found.isFile() ? fileOnDisk(path) : unreadable(path, "is no regular file")));
      return;
    }
    // A link to a folder that it is in would never end.
    if (within.has(identity)) return;
    const before = files.size;
    for (const entry of (await readdir(path, { withFileTypes: true })).sort(byName)) {
      const inner = join(path, entry.name);
      if (!entry.name.startsWith(".") && (kindOfFile(entry.name) || (await isFolder(inner, entry))))
        await collect(inner, files, new Set([...within, identity]));
    }
    if (within.size === 0 && files.size === before)
      files.set(identity, unreadable(path, "holds no catalog file: nothing ending in .yaml, .yml, .json or .csv"));
  } catch (error) {
    files.set(path, unreadable(path, reasonOf(error)));
  }
}

async function isFolder(path: string, entry: Dirent): Promise<boolean> {
  return entry.isDirectory() || (entry.isSymbolicLink() && (await stat(path)).isDirectory());
}

function fileOnDisk(path: string): CatalogFile {
  return {
    name: path,
    async *open() {
      try {
        yield* createReadStream(path) as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw new UnreadableFile(`${path} ${reasonOf(error)}.`, { cause: error });
      }
    },
  };
}

function unreadable(path: string, reason: string): CatalogFile {
  return { name: path, unreadable: `${path} ${reason}.`, open: () => Readable.from([]) };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "is not there. Check the path",
  EACCES: "may not be read by this user. Give the permission, or run as its owner",
  EPERM: "may not be read by this user. Give the permission, or run as its owner",
  EISDIR: "is a folder",
  ENOTDIR: "is not there: a part of the path is no folder",
  ELOOP: "is a link that leads to itself",
};

function reasonOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return REASONS[error.code] ?? `cannot be read (${error.code})`;
  throw error;
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
