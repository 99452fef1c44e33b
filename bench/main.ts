import "reflect-metadata";
import { generatePrismaClientIfNeeded } from "../scripts/prisma-generate.js";

// Everything that the benchmark loads needs the generated client, which Git does not keep.
await generatePrismaClientIfNeeded();
const { runBenchmark } = await import("./runner/benchmark.js");
await runBenchmark(process.argv);
process.exit(0);
