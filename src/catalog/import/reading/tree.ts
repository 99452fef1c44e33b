import { isAlias, isMap, isScalar, Scalar, type LineCounter, type ParsedNode, type YAMLMap, type YAMLSeq } from "yaml";
import { LIMITS } from "../limits.js";
import { Trouble, type Report } from "../problem.js";
import { pathText, show, type PathStep, type Source } from "../source.js";
import { cleanValue } from "./text.js";

/** The values of a file, without prototypes and with every text as it was written, and where each of them stands. */
export interface Tree extends Source {
  /** Text, true, false, null, BROKEN, or lists and maps of them. */
  readonly value: unknown;
}

/** Stands for a value that was reported already, so that nobody reports it again as missing. */
export const BROKEN = Symbol("broken");

/** Lines of the entries of each list and map. */
type Lines = WeakMap<object, Map<PathStep, number>>;

const PLAIN_WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
]);

const PLAIN_TAGS: ReadonlySet<string> = new Set(["str", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`));

/** Turns the nodes of a document into values. What cannot be kept is reported and left out; null if aliases would blow it up. */
export function plantTree(file: string, root: ParsedNode, counter: LineCounter, report: Report): Tree | null {
  const lines: Lines = new WeakMap();
  const anchors = new Map<string, { value: unknown; size: number }>();
  let aliased = 0;

  const lineOf = (node: { range?: readonly number[] | null } | null | undefined): number => counter.linePos(node?.range?.[0] ?? 0).line;

  const plant = (node: ParsedNode | null, path: readonly PathStep[]): { value: unknown; size: number } => {
    const place = { file, line: lineOf(node), path: pathText(path) };
    if (node === null) return { value: null, size: 1 };
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      // An anchor is known only once its value is complete, so a value cannot hold itself.
      if (!target)
        report(
          place,
          "ALIAS_UNUSABLE",
          `The alias *${node.source.slice(0, 40)} stands for what it is part of, or for nothing: no complete value before it has the anchor. Write the value out.`,
        );
      const before = aliased;
      aliased += target?.size ?? 0;
      const isTheOne = before <= LIMITS.aliasedValues && aliased > LIMITS.aliasedValues;
      if (isTheOne)
        report(
          place,
          "ALIAS_UNUSABLE",
          `With *${node.source.slice(0, 40)}, aliases stand for more than ${LIMITS.aliasedValues} values. Write the values out. Nothing else of this file was checked.`,
        );
      return target && aliased <= LIMITS.aliasedValues ? target : { value: BROKEN, size: 1 };
    }
    if (node.tag !== undefined && !PLAIN_TAGS.has(node.tag))
      report(
        place,
        "TAG_NOT_ALLOWED",
        `The tag ${node.tag.replace("tag:yaml.org,2002:", "!!").slice(0, 80)} has no meaning here. Write the plain value without it.`,
      );
    const planted = isScalar(node) ? { value: scalar(node), size: 1 } : isMap(node) ? map(node) : list(node);
    if (node.anchor !== undefined) anchors.set(node.anchor, planted);
    return planted;

    function scalar(from: Scalar.Parsed): unknown {
      const word = from.type === Scalar.PLAIN ? PLAIN_WORDS.get(String(from.value)) : undefined;
      if (word !== undefined) return word;
      const text = cleanValue(String(from.value));
      if (!(text instanceof Trouble)) return text;
      report(place, text.code, text.message);
      return BROKEN;
    }

    function list(from: YAMLSeq.Parsed): { value: unknown; size: number } {
      const entries = from.items;
      const planted = entries.map((item, index) => plant(item, [...path, index]));
      const value = planted.map((item) => item.value);
      lines.set(value, new Map(entries.map((item, index) => [index, lineOf(item)])));
      return { value, size: sum(planted) };
    }

    function map(from: YAMLMap.Parsed): { value: unknown; size: number } {
      const value = Object.create(null) as Record<string, unknown>;
      const ownLines = new Map<PathStep, number>();
      const planted = [];
      for (const pair of from.items) {
        const line = lineOf(pair.key);
        const key = readName(pair.key, ownLines);
        if (key instanceof Trouble) {
          report({ ...place, line }, key.code, key.message);
          continue;
        }
        const child = plant(pair.value, [...path, key]);
        planted.push(child);
        ownLines.set(key, line);
        value[key] = child.value;
      }
      lines.set(value, ownLines);
      return { value, size: sum(planted) };
    }
  };

  const { value } = plant(root, []);
  if (aliased > LIMITS.aliasedValues) return null;
  return { file, value, place: (...path) => ({ file, line: lineAt(value, path, lines, lineOf(root)), path: pathText(path) }) };
}

/** The name of a field, or why it is none. `known` are those that the map has already. */
function readName(node: ParsedNode, known: ReadonlyMap<PathStep, number>): string | Trouble {
  if (!isScalar(node)) return new Trouble("WRONG_TYPE", "A key must be a text, not a list, a map or an alias.");
  const name = cleanValue(String(node.value));
  if (name instanceof Trouble) return name;
  if (name.length > LIMITS.nameLength) return new Trouble("TEXT_TOO_LONG", `The key ${show(name)} has more than ${LIMITS.nameLength} characters. Shorten it.`);
  if (name === "__proto__") return new Trouble("FIELD_UNKNOWN", "Nothing can have the name __proto__. Remove it.");
  if (known.has(name)) return new Trouble("FIELD_TWICE", `${show(name)} is given twice in this map; the first time in line ${known.get(name)}. Keep one.`);
  return name;
}

/** The line of the deepest entry on the path that is there. */
function lineAt(root: unknown, path: readonly PathStep[], lines: Lines, rootLine: number): number {
  let line = rootLine;
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null) break;
    const found = lines.get(value)?.get(step);
    if (found === undefined) break;
    line = found;
    value = (value as Record<PathStep, unknown>)[step];
  }
  return line;
}

function sum(planted: readonly { size: number }[]): number {
  return planted.reduce((total, { size }) => total + size, 1);
}
