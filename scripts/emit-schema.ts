import "reflect-metadata";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSchema } from "../src/app.js";
import { printGatewaySchema } from "../src/graphql/schema/schema.js";

// Writes schema.graphql from the code; with --check only says whether it is up to date.
const file = join(import.meta.dirname, "..", "schema.graphql");
const printed = printGatewaySchema(createSchema());
if (!process.argv.includes("--check")) {
  writeFileSync(file, printed);
} else if (readFileSync(file, "utf8") !== printed) {
  console.error("schema.graphql is not what the code serves. Run: npm run fix");
  process.exitCode = 1;
}
