/** What a reader has to know to be fair to everybody. */
export const NOTES: readonly string[] = [
  "Peers read plain tables of the current release with primary and foreign keys, the gateway its versioned ones: releases, inherited markets, the embargo and each market's own entitlements are looked for by it alone.",
  "Answers are compared before and after each workload, as data: lists without edges and nodes, PostGraphile's columns as the objects that others answer. The gateway's also say what the request cost; the constant buffer is the gateway's own answer.",
  "PostGraphile is 5.0.0-rc.3, the last that runs on Node 20. It is not asked what is in force, nor which entitlements hold in the market: in these data all are and do.",
  "Apollo Server runs as it comes, with its own HTTP server. Mercurius compiles what it has seen once.",
  "All servers run by tsx, whose compiling is part of a cold start; the gateway has by far the most files.",
  "quote, check, redeem and mixed are asked of the gateway alone; consuming a cap is not in the product yet, so it is not here.",
  "What is published beside mixed comes from the process that makes the load.",
  "Redeeming is measured by exhausting a number of quotes made before, not by time.",
];
