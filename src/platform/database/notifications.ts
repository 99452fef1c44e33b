import { randomInt } from "node:crypto";
import type pg from "pg";
import { setTimeout as sleep } from "node:timers/promises";

export interface Subscription {
  /** Channel -> what to do with what is told there. Notifications are hints: the tables are the truth. */
  readonly channels: Readonly<Record<string, (payload: string) => void>>;
  /** Called whenever listening begins, also the first time: what was told before went unheard. */
  readonly onGap: () => void;
  readonly onLost: (error: unknown) => void;
}

/** A connection that went silent is noticed within about this time, and a lost one made again. */
const HEARTBEAT_MS = 5_000;
const RECONNECT_MS = { least: 100, most: 2_000 };

/**
 * Listens on a connection of its own, and again whenever that is lost, until it is stopped. It never throws: who listens also
 * has to do without, for as long as there is no connection.
 */
export class Notifications {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  constructor(
    private readonly connect: () => pg.Client,
    private readonly subscription: Subscription,
  ) {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    let pauseMs = RECONNECT_MS.least;
    while (!this.stopping.signal.aborted) {
      try {
        await this.listen(() => {
          pauseMs = RECONNECT_MS.least;
        });
      } catch (error) {
        if (!this.stopping.signal.aborted) this.subscription.onLost(error);
      }
      // By chance, so that all gateways do not come back at once.
      await pause(pauseMs + randomInt(pauseMs), this.stopping.signal);
      pauseMs = Math.min(pauseMs * 2, RECONNECT_MS.most);
    }
  }

  /** Resolves when it is to stop, rejects when the connection is lost. */
  private async listen(onListening: () => void): Promise<void> {
    const { channels, onGap } = this.subscription;
    const client = this.connect();
    const lost = new AbortController();
    client.on("error", (error) => lost.abort(error));
    client.on("notification", ({ channel, payload }) => channels[channel]?.(payload ?? ""));
    const ended = AbortSignal.any([this.stopping.signal, lost.signal]);
    try {
      await client.connect();
      for (const channel of Object.keys(channels)) await client.query(`listen ${client.escapeIdentifier(channel)}`);
      onListening();
      onGap();
      while (!ended.aborted) {
        await pause(HEARTBEAT_MS, ended);
        // What is told comes by itself; this finds out whether it still could.
        if (!ended.aborted) await client.query("select 1");
      }
      lost.signal.throwIfAborted();
    } finally {
      // A connection that is broken has no goodbye to say.
      await client.end().catch(() => undefined);
    }
  }
}

async function pause(ms: number, until: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: until, ref: false }).catch(() => undefined);
}
