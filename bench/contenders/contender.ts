import type { Input, SharedWorkloadName } from "../workloads/shared-workload.js";

/** What a server module is started with. */
export interface ServerOptions {
  readonly databaseUrl: string;
  /** The caller's key. */
  readonly key: string;
  /** Connections to the database. */
  readonly poolSize: number;
  /** The contender's own. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a server module exports. */
export interface ServerModule {
  start(options: ServerOptions): Promise<{ url: string }>;
}

export interface Ask {
  readonly path: string;
  readonly body: string;
}

/** Somebody who does the work: a server in a process of its own, how it is asked, and what its answers say. */
export interface Contender {
  readonly name: string;
  readonly title: string;
  /** What it does to know who calls, and what that caller may see. */
  readonly authorization: string;
  /** The module of its server, below `bench/`. */
  readonly server: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Sent with what it is measured by, beside the usual. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A gateway also does what no peer can; a limit shows what is left to gain. */
  readonly kind: "gateway" | "peer" | "limit";
  ask(workload: SharedWorkloadName, input: Input): Ask;
  /** What was answered, in the form in which answers are compared; throws if it was an error. Null = it only repeats what it was given. */
  readonly read: ((workload: SharedWorkloadName, answer: string) => unknown) | null;
}
