import { Composer, LineCounter, Parser, type CST, type ParsedNode } from "yaml";
import { LIMITS } from "../limits.js";
import { Trouble, type Report } from "../problem.js";
import { decodeText } from "./text.js";
import type { CatalogFile } from "./catalog-file.js";
import { findJsonTrouble } from "./strict-json.js";
import { plantTree, type Tree } from "./tree.js";

/** Reads a YAML or JSON file, or reports why not: then nothing of it is known, and null is returned. */
export async function readDocument(file: CatalogFile, kind: "YAML" | "JSON", report: Report): Promise<Tree | null> {
  const refuse = (...[code, message, line = 1]: [Parameters<Report>[1], string, number?]): null => {
    report({ file: file.name, line, path: "" }, code, message);
    return null;
  };
  const bytes = await gather(file, LIMITS.documentBytes);
  if (bytes === null)
    return refuse(
      "FILE_TOO_LARGE",
      `The file is larger than ${LIMITS.documentBytes / 1024 / 1024} MiB. Split it, or put its prices into a price list (CSV), which may have any size.`,
    );
  const text = decodeText(bytes, 1);
  if (typeof text !== "string") return refuse(text.trouble.code, text.trouble.message, text.line);
  const empty = "The file says nothing. Give it a section such as `plans:`, or leave it out.";
  if (text.trim() === "") return refuse("FILE_EMPTY", empty);
  const trouble = kind === "JSON" ? findJsonTrouble(text) : null;
  if (trouble)
    return refuse(
      "JSON_SYNTAX",
      `This is not JSON: ${trouble.message}. Nothing else of this file was checked.`,
      text.slice(0, trouble.offset).split("\n").length,
    );

  // The parser holds its own stack, the composer uses ours, and most of the memory: what is too much must be found between the two.
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const excess = findExcess(tokens);
  if (excess) return refuse(excess.trouble.code, excess.trouble.message, lines.linePos(excess.offset).line);
  // "failsafe" reads every value as the text that is written, so that no number passes through floating point and NO is
  // a country; the tree tells true, false and null apart. Twins are looked for there too: here it would take n * n steps.
  const composer = new Composer<ParsedNode, true>({ schema: "failsafe", uniqueKeys: false, logLevel: "silent" });
  const documents = [...composer.compose(tokens, true, text.length)];
  const second = documents[1];
  if (second) return refuse("YAML_SYNTAX", "A second document begins here (---). Put it into a file of its own.", lines.linePos(second.range?.[0] ?? 0).line);
  const [document] = documents;
  const errors = document?.errors ?? [];
  for (const error of errors) refuse("YAML_SYNTAX", `${yamlMessage(error.message)}. Nothing else of this file was checked.`, lines.linePos(error.pos[0]).line);
  if (errors.length > 0) return null;
  if (!document?.contents) return refuse("FILE_EMPTY", empty);
  return plantTree(file.name, document.contents, lines, report);
}

async function gather(file: CatalogFile, limit: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of file.open()) {
    size += chunk.byteLength;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What is nested too deep, or too much, and where it begins; or null. */
function findExcess(tokens: readonly CST.Token[]): { trouble: Trouble; offset: number } | null {
  const todo = tokens.map((token) => ({ token, depth: 0 }));
  let values = 0;
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { token, depth } = next;
    values += 1;
    if (depth > LIMITS.documentDepth) {
      return {
        offset: token.offset,
        trouble: new Trouble("NESTED_TOO_DEEP", `Maps and lists are nested more than ${LIMITS.documentDepth} deep. A catalog needs six.`),
      };
    }
    if (values > LIMITS.documentValues) {
      const limit = LIMITS.documentValues.toLocaleString("en");
      return {
        offset: 0,
        trouble: new Trouble(
          "FILE_TOO_LARGE",
          `The file holds more than ${limit} keys and values. Split it, or put its prices into a price list (CSV), which may have any size.`,
        ),
      };
    }
    if (token.type === "document" && token.value) todo.push({ token: token.value, depth });
    if (!("items" in token)) continue;
    for (const { key, value } of token.items) {
      if (key) todo.push({ token: key, depth: depth + 1 });
      if (value) todo.push({ token: value, depth: depth + 1 });
    }
  }
  return null;
}

function yamlMessage(message: string): string {
  return message.replace(/ at line \d+, column \d+:[\s\S]*$/, "").replace(/[.:]$/, "");
}
