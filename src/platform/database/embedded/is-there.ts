import { lstat } from "node:fs/promises";

/** Whether the path exists, be it only as a link; any other trouble than its absence is raised. */
export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return false;
      throw error;
    },
  );
}
