import type { Contender } from "./contender.js";
import { gateways } from "./gateway.js";
import { constantBuffer, handWrittenSql } from "./limits.js";
import { peers } from "./peers.js";
import { postgraphile } from "./postgraphile.js";

/** In the order of reports. The first says what is a right answer. */
export const CONTENDERS: readonly Contender[] = [...gateways, ...peers, postgraphile, handWrittenSql, constantBuffer];
