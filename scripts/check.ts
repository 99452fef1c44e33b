import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";

interface Step {
  readonly name: string;
  readonly command: string;
}

interface Check extends Step {
  /** What is left to a person. */
  readonly byHand?: string;
}

/** Git ignores what these make, and the other checks read it, so they come first. */
const GENERATED: readonly Check[] = [
  { name: "database client", command: "node --import tsx scripts/prisma-generate.ts", byHand: "correct prisma/schema.prisma" },
  { name: "codegen", command: "graphql-codegen --config codegen.yml", byHand: "make sdk/operations/*.graphql fit schema.graphql" },
];

/** Two run at a time; the slow ones begin. */
const CHECKS: readonly Check[] = [
  { name: "lint", command: "eslint .", byHand: "correct what is left" },
  { name: "types", command: "tsc --noEmit", byHand: "correct the types at the places above" },
  { name: "types of the explorer", command: "tsc --noEmit -p explorer/tsconfig.json", byHand: "correct the types at the places above" },
  { name: "types of the SDK", command: "tsc --noEmit -p sdk/tsconfig.json", byHand: "correct the types at the places above" },
  { name: "format", command: "prettier --check --log-level=warn ." },
  { name: "direction", command: "node --import tsx scripts/check-direction.ts", byHand: "do what stands below each violation" },
  { name: "schema", command: "node --import tsx scripts/emit-schema.ts --check" },
  { name: "dead code", command: "knip", byHand: "remove what is listed, or only its `export`" },
];

/** What a machine can mend, in an order in which no step undoes an earlier one. */
const FIXES: readonly Step[] = [
  { name: "database client", command: "node --import tsx scripts/prisma-generate.ts" },
  { name: "schema", command: "node --import tsx scripts/emit-schema.ts" },
  { name: "codegen", command: "graphql-codegen --config codegen.yml" },
  { name: "lint", command: "eslint --fix ." },
  { name: "format", command: "prettier --write --log-level=warn ." },
];

const root = join(import.meta.dirname, "..");
const env = { ...process.env, PATH: [join(root, "node_modules", ".bin"), process.env["PATH"]].join(delimiter) };

function run(command: string): Promise<{ ok: boolean; output: string; seconds: string }> {
  const [program = "", ...options] = command.split(" ");
  const start = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, options, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const finish = (ok: boolean): void => resolve({ ok, output: output.trim(), seconds: ((performance.now() - start) / 1000).toFixed(1) });
    child.on("error", (error) => {
      output += error.message;
      finish(false);
    });
    child.on("close", (code) => finish(code === 0));
  });
}

/** Says in one line how a step went; if it went wrong, its output and what to do follow. True = it went well. */
async function report({ name, command }: Step, advice: string): Promise<boolean> {
  const { ok, output, seconds } = await run(command);
  console.log(`${ok ? "ok    " : "FAILED"} ${name.padEnd(21)} ${seconds.padStart(6)} s`);
  if (!ok) console.log(`\n${output.replace(/^/gm, "    ")}\n\n    ${advice}\n`);
  return ok;
}

function repairOf({ name, command, byHand }: Check): string {
  const isMended = FIXES.some((fix) => fix.name === name && fix.command !== command);
  const repair = [...(isMended ? ["npm run fix"] : []), ...(byHand === undefined ? [] : [byHand])].join(", then ");
  return `To repair ${name}: ${repair}. To see it again: ${command.startsWith("node ") ? command : `npx ${command}`}`;
}

async function check(): Promise<boolean> {
  const results: boolean[] = [];
  for (const made of GENERATED) results.push(await report(made, repairOf(made)));
  const waiting = [...CHECKS];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results.push(await report(next, repairOf(next)));
  };
  await Promise.all([work(), work()]);
  return !results.includes(false);
}

async function fix(): Promise<boolean> {
  const results: boolean[] = [];
  for (const step of FIXES) results.push(await report(step, "What stands above is left to a person."));
  return !results.includes(false);
}

if (!(await (process.argv.includes("--fix") ? fix() : check()))) process.exitCode = 1;
