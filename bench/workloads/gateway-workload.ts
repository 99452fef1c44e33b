import type { Database } from "../../src/platform/database/database.js";
import type { CatalogShape } from "../dataset/shape.js";
import type { Work } from "../runner/load.js";
import type { RunningContender } from "../runner/running-contender.js";

/** What only the gateway does: no peer has an idiom for it. */
export interface GatewayWorkload {
  readonly name: string;
  /** As reports call it. */
  readonly label: string;
  readonly title: string;
  /** Makes, as often as it is called, the requests of a slice; those that can be sent once are made and kept for it. Throws unless one is answered well. */
  prepare(running: RunningContender, shape: CatalogShape, slice: SliceSize): Promise<() => Promise<Work>>;
  /** What goes on beside each slice; resolves to how often it was done. */
  readonly beside?: { readonly what: string; run(database: Database, isOver: () => boolean): Promise<number> };
}

export interface SliceSize {
  readonly durationMs: number;
  /** Of requests that can be sent only once. */
  readonly count: number;
}

/** Throws unless the document is answered without errors and refusals. Returns the answer. */
export async function mustAnswer(running: RunningContender, query: string, variables: object): Promise<string> {
  const text = await running.answerDocument(query, variables);
  if (/"errors":|"refusals":/.test(text)) throw new Error(`${running.contender.name} refuses: ${text.slice(0, 500)}`);
  return text;
}
