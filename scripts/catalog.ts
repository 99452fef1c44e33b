import { loadEnv } from "./load-env.js";
import { generatePrismaClientIfNeeded } from "./prisma-generate.js";

// `npm run -s catalog -- …` from a clone: makes what git does not keep, then becomes the command.
loadEnv();
await generatePrismaClientIfNeeded();
await import("../src/cli/catalog.js");
