import type { Logger } from "pino";
import { CurrentRelease } from "./catalog/releases/current-release.service.js";
import type { HeadSource } from "./catalog/releases/head-source.js";
import type { ReleaseRepository } from "./catalog/releases/release.repository.js";
import type { ReleaseStore } from "./catalog/releases/storage/memory/release-store.js";

/** Knows the current release, and has it in memory before it says so. */
export function followRelease(pollMs: number, releases: ReleaseRepository, store: ReleaseStore | null, logger: Logger): CurrentRelease {
  return new CurrentRelease({
    pollMs,
    askHead: () => releases.getHead(),
    // All requests that this round of the event loop brings.
    gather: () => new Promise((resolve) => setImmediate(resolve)),
    // One that cannot be brought to memory is read from the database: slower, but not stale.
    prepare: (release) =>
      store
        ? store.bringTo(release).then(
            (reached) => Math.max(reached, release),
            () => release,
          )
        : release,
    onTrouble: (err) => logger.warn({ err }, "the current release cannot be followed; going on with the last one that is known, and trying again"),
  });
}

/** Asks the database for each request. */
export function askEachTime(releases: ReleaseRepository): HeadSource {
  return { getHead: () => releases.getHead(), catchUp: async () => releases.getHead() };
}
