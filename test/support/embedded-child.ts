import { createInterface } from "node:readline";
import { startEmbeddedPostgres } from "../../src/platform/database/embedded/embedded-postgres.js";

// A process of its own that uses an embedded server: prints the server's address when it is ready, and stops on a line of input.
const [dataFolder] = process.argv.slice(2);
if (dataFolder === undefined) throw new Error("usage: embedded-child.ts <data folder>");
const server = await startEmbeddedPostgres({ dataFolder, settings: { fsync: "off" } });
console.log(server.url("postgres"));
for await (const line of createInterface(process.stdin)) if (line === "stop") break;
await server.stop();
process.exit(0);
