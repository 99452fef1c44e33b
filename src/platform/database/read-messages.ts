// Messages to the server as https://www.postgresql.org/docs/current/protocol-message-formats.html has them.

const BIND = 0x42;
/** Tell what the columns of the unnamed portal are. */
const DESCRIBE = Buffer.from([0x44, 0, 0, 0, 6, 0x50, 0]);
/** Run the unnamed portal to its end, then say that the next may come. */
const EXECUTE_AND_SYNC = Buffer.from([0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0x53, 0, 0, 0, 4]);

/** Runs a statement that the server knows by its name. In one piece, so that it takes one call of the system to send. */
export function runMessages(name: string, values: readonly unknown[], describe: boolean): Buffer {
  const texts = values.map(wireText);
  const lengths = texts.map((text) => (text === null ? 0 : Buffer.byteLength(text)));
  const bind = 1 + 4 + 1 + Buffer.byteLength(name) + 1 + 2 + 2 + lengths.reduce((sum, length) => sum + 4 + length, 0) + 2;
  const message = Buffer.allocUnsafe(bind + (describe ? DESCRIBE.length : 0) + EXECUTE_AND_SYNC.length);
  message[0] = BIND;
  let at = message.writeInt32BE(bind - 1, 1);
  message[at++] = 0; // The unnamed portal.
  at += message.write(name, at);
  message[at++] = 0;
  at = message.writeInt16BE(0, at); // All values are texts.
  at = message.writeInt16BE(texts.length, at);
  for (const [index, text] of texts.entries()) {
    at = message.writeInt32BE(text === null ? -1 : (lengths[index] ?? 0), at);
    if (text !== null) at += message.write(text, at);
  }
  at = message.writeInt16BE(0, at); // And so are all results.
  if (describe) at += DESCRIBE.copy(message, at);
  EXECUTE_AND_SYNC.copy(message, at);
  return message;
}

/** A value as the server reads it. Throws for what no read asks by. */
function wireText(value: unknown): string | null {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    case "undefined":
      return null;
    default:
      if (value === null) return null;
      if (value instanceof Date) return value.toISOString();
      if (Array.isArray(value)) return wireArray(value);
      throw new TypeError(`a read cannot be asked by a value of this kind: ${typeof value}`);
  }
}

/** Texts are quoted, because one may be `NULL`, empty, or hold a comma. Most lists are of keys, where nothing within the quotes has to be escaped. */
function wireArray(elements: readonly unknown[]): string {
  if (elements.length === 0) return "{}";
  if (elements.every((element) => typeof element === "string") && !NOT_PLAIN.test(elements.join(""))) return `{"${elements.join('","')}"}`;
  return `{${elements.map(wireElement).join(",")}}`;
}

function wireElement(element: unknown): string {
  return typeof element === "string" ? `"${element.replaceAll(NOT_PLAIN_ALL, String.raw`\$&`)}"` : (wireText(element) ?? "NULL");
}

const NOT_PLAIN = /["\\]/;
const NOT_PLAIN_ALL = /["\\]/g;
