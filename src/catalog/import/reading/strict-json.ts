/** What stands where the grammar of JSON wants something else. */
export interface JsonTrouble {
  readonly offset: number;
  readonly message: string;
}

const TOKEN =
  /[ \t\r\n]+|[[\]{},:]|"(?:[^"\\\u0000-\u001F]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;

type Wanted = "a value" | "a value or ]" | "a key" | "a key or }" | "a colon" | "a comma or the end of the list or map" | "the end of the file";

/**
 * Finds where a text stops being JSON. The reader of YAML, which reads JSON too, forgives comments, single quotes and commas
 * at the end, and JSON.parse does not always tell where the trouble is.
 */
export function findJsonTrouble(text: string): JsonTrouble | null {
  const open: ("[" | "{")[] = [];
  let wanted: Wanted = "a value";
  let offset = 0;
  const afterValue = (): Wanted => (open.length === 0 ? "the end of the file" : "a comma or the end of the list or map");
  while (offset < text.length) {
    TOKEN.lastIndex = offset;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return { offset, message: `expected ${wanted}, found ${JSON.stringify(text.slice(offset, offset + 12))}` };
    const next: Wanted | null = /^\s/.test(token) ? wanted : step(token);
    if (next === null) return { offset, message: `expected ${wanted}, found ${token.slice(0, 40)}` };
    wanted = next;
    offset += token.length;
  }
  return wanted === "the end of the file" ? null : { offset, message: `expected ${wanted}, found the end of the file` };

  /** What is wanted after the token; null if it was not wanted. */
  function step(token: string): Wanted | null {
    const within = open.at(-1);
    switch (token) {
      case ",":
        return !wanted.startsWith("a comma") ? null : within === "{" ? "a key" : "a value";
      case ":":
        return wanted === "a colon" ? "a value" : null;
      case "[":
      case "{":
        if (!wanted.startsWith("a value")) return null;
        open.push(token);
        return token === "[" ? "a value or ]" : "a key or }";
      case "]":
      case "}": {
        const isEnd = wanted.startsWith("a comma") || wanted === (token === "]" ? "a value or ]" : "a key or }");
        if (!isEnd || open.pop() !== (token === "]" ? "[" : "{")) return null;
        return afterValue();
      }
      default:
        if (wanted.startsWith("a key")) return token.startsWith('"') ? "a colon" : null;
        return wanted.startsWith("a value") ? afterValue() : null;
    }
  }
}
