import { entitlementCheck } from "./entitlement-check.js";
import type { GatewayWorkload } from "./gateway-workload.js";
import { quote } from "./quote.js";
import { readWhilePublishing } from "./read-while-publishing.js";
import { redeem } from "./redeem.js";

/** Publishing comes last: the peers' tables do not follow. */
export const GATEWAY_WORKLOADS: readonly GatewayWorkload[] = [quote, entitlementCheck, redeem, readWhilePublishing];
