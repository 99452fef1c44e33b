import "reflect-metadata";
import { generatePrismaClientIfNeeded } from "../scripts/prisma-generate.js";
import { OperatorError } from "../src/platform/operator-error.js";

// What the benchmark loads needs the generated client, which Git does not keep.
await generatePrismaClientIfNeeded();
const { runBenchmark } = await import("./runner/benchmark.js");
try {
  await runBenchmark(process.argv);
  process.exit(0);
} catch (error) {
  console.error(error instanceof OperatorError ? error.message : error);
  process.exit(1);
}
