import type { Factor } from "../dataset/shape.js";
import type { ColdStart } from "../runner/cold-start.js";
import type { Measured, Pace } from "../runner/measurement.js";
import type { Machine } from "./machine.js";

/** Everything that a run found, as it is kept. */
export interface BenchReport {
  readonly takenAt: string;
  readonly machine: Machine;
  readonly pace: Pace & { readonly largerRounds: number; readonly sliceMs: number };
  readonly contenders: readonly ContenderReport[];
  readonly notes: readonly string[];
  readonly sizes: readonly SizeReport[];
}

export interface ContenderReport {
  readonly name: string;
  readonly title: string;
  readonly kind: "gateway" | "peer" | "limit";
  readonly authorization: string;
}

export interface SizeReport {
  readonly factor: Factor;
  readonly shape: string;
  readonly workloads: readonly WorkloadReport[];
  readonly coldStarts: readonly ColdStart[];
}

export interface WorkloadReport {
  readonly name: string;
  readonly label: string;
  readonly title: string;
  /** Of an answer of the first contender. */
  readonly answerBytes: number | null;
  /** What `doneBeside` counts. */
  readonly beside?: string;
  readonly measured: readonly Measured[];
}
