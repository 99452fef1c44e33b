/** A member's name with the colon behind it, any other text, or where an object or list begins or ends. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g;

/**
 * Reads JSON in which no object names a member twice. Readers differ in which of the two they believe, so a token that has two
 * would mean one thing to its issuer and another to us. Throws a SyntaxError like JSON.parse.
 */
export function parseUnambiguous(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const open: Set<string>[] = [];
  for (const [found, quoted, colon] of text.matchAll(TOKEN)) {
    if (found === "{" || found === "[") open.push(new Set());
    else if (found === "}" || found === "]") open.pop();
    else if (quoted !== undefined && colon !== undefined) {
      // Two spellings of one name, "a" and "\u0061", are the same name.
      const name = JSON.parse(quoted) as string;
      if (open.at(-1)?.has(name)) throw new SyntaxError("an object names a member twice");
      open.at(-1)?.add(name);
    }
  }
  return value;
}
