import { buildExplorerIfNeeded } from "./build-explorer.js";
import { loadEnv } from "./load-env.js";
import { generatePrismaClientIfNeeded } from "./prisma-generate.js";

// `npm start` from a clone: makes what git does not keep, then becomes the gateway, in one process so that signals reach it.
loadEnv();
await generatePrismaClientIfNeeded();
await buildExplorerIfNeeded({ log: (line) => process.stdout.write(`${line}\n`) });
await import("../src/main.js");
