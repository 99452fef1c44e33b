import { readFileSync } from "node:fs";

export type ReadText = (path: string) => string;

/** Larger than any list of keys, smaller than any file that is given by mistake. */
const MAX_CHARACTERS = 1_000_000;

/**
 * The environment with every NAME_FILE replaced by NAME, which is what the file has in it: secrets in files are not seen in
 * lists of processes, nor inherited by children. Problems name variables and reasons, never a path or a content: who
 * writes the secret itself where its file belongs should not find it in a log.
 */
export function readVariableFiles(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
  readText: ReadText = (path) => readFileSync(path, "utf8"),
): { values: Record<string, string>; problems: string[] } {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of names) {
    const given = environment[name];
    const path = environment[`${name}_FILE`];
    if (given) values[name] = given;
    if (!path) continue;
    if (given) problems.push(`${name}: give it or ${name}_FILE, not both`);
    else {
      const read = readOne(path, readText);
      if ("problem" in read) problems.push(`${name}_FILE: ${read.problem}`);
      else values[name] = read.text;
    }
  }
  return { values, problems };
}

function readOne(path: string, readText: ReadText): { text: string } | { problem: string } {
  try {
    // Editors and `echo` end a file with a line break that is not meant.
    const text = readText(path).replace(/\r?\n$/, "");
    if (text === "") return { problem: "the file is empty" };
    return text.length > MAX_CHARACTERS ? { problem: "the file is too large" } : { text };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return { problem: `the file cannot be read: ${REASONS[code] ?? "it is not readable as text"}` };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is none (ENOENT)",
  ENOTDIR: "a part of its path is no folder (ENOTDIR)",
  EISDIR: "it is a folder (EISDIR)",
  EACCES: "this user may not (EACCES)",
  EPERM: "this user may not (EPERM)",
  ENAMETOOLONG: "its name is too long (ENAMETOOLONG)",
  ELOOP: "its links lead in a circle (ELOOP)",
};
