import { Command, InvalidArgumentError } from "commander";
import { EXIT_CODE, OperatorError } from "../../src/platform/operator-error.js";
import { FACTORS, isFactor, type Factor } from "../dataset/shape.js";

export interface BenchOptions {
  readonly quick: boolean;
  /** Names or labels of workloads; null = all. */
  readonly only: readonly string[] | null;
  readonly factors: readonly Factor[];
  /** Names of contenders; null = all. */
  readonly variants: readonly string[] | null;
}

export function readOptions(argv: readonly string[]): BenchOptions {
  const program = new Command("npm run bench --")
    .description("Measures the gateway beside its peers. Without options: everything, which takes some forty minutes, and is kept in bench/results.")
    .option("--quick", "short slices at 1x only: whether the benchmark itself works")
    .option("--only <workloads>", "only these, by name or label: q2,quote", listOf)
    .option("--factor <factors>", `only these sizes: ${FACTORS.join(",")}`, factorsOf)
    .option("--variants <names>", "only these contenders: gateway,mercurius", listOf)
    .parse(argv);
  const { quick = false, only = null, factor, variants = null } = program.opts<{ quick?: boolean; only?: string[]; factor?: Factor[]; variants?: string[] }>();
  return { quick, only, factors: factor ?? (quick ? [1] : FACTORS), variants };
}

/** Whether this run is one to be kept: filtered ones and quick ones say too little. */
export function isFull({ quick, only, factors, variants }: BenchOptions): boolean {
  return !quick && only === null && variants === null && factors.length === FACTORS.length;
}

/** Throws for a word that nothing is named by: a run without what was meant would look like one with it. */
export function refuseUnknown(asked: readonly string[] | null, known: readonly string[]): void {
  const unknown = asked?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) throw new OperatorError(`There is no ${unknown.join(", ")}. There are: ${known.join(", ")}.`, EXIT_CODE.CONFIG);
}

export function isWanted(only: readonly string[] | null, ...names: readonly string[]): boolean {
  return only === null || names.some((name) => only.includes(name.toLowerCase()));
}

function listOf(text: string): string[] {
  return text.toLowerCase().split(",");
}

function factorsOf(text: string): Factor[] {
  return text
    .split(",")
    .map(Number)
    .map((number) => {
      if (!isFactor(number)) throw new InvalidArgumentError(`Sizes are ${FACTORS.join(", ")}.`);
      return number;
    });
}
