import { migrateDatabase } from "../../src/platform/database/migrations.js";

// A process of its own that migrates a database: prints what it logs, then the names of what it applied as JSON.
const [url, folder] = process.argv.slice(2);
if (url === undefined || folder === undefined) throw new Error("usage: migrate-child.ts <url> <folder>");
console.log(JSON.stringify(await migrateDatabase({ url, folder, log: console.log })));
