import type { ServerModule, ServerOptions } from "../contenders/contender.js";
import type { ChildSays, ChildStart } from "./server-process.js";

// A contender's server in a process of its own: starts what it is told to, and says how much of the processor it has used when asked.

const { module, options } = JSON.parse(process.env["BENCH_SERVER"] ?? "{}") as ChildStart;
const { start } = (await import(module)) as ServerModule;
const { url } = await start(options satisfies ServerOptions);
say({ url });

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  say({ cpuMicros: user + system, rssBytes: process.memoryUsage.rss() });
});
process.on("disconnect", () => process.exit(0));

function say(said: ChildSays): void {
  process.send?.(said);
}
