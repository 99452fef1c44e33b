import type { Contender } from "./contender.js";

/** Nobody does the work with less. */
export const handWrittenSql: Contender = {
  ...{ name: "sql", title: "limit: node:http and one json_agg statement", server: "peers/sql.mjs", options: {}, kind: "limit" },
  authorization: "key hashed and compared",
  ask: (workload, input) => ({ path: `/${workload}`, body: JSON.stringify(Object.values(input)) }),
  read: (_, answer) => JSON.parse(answer) as unknown,
};

/** Nobody answers faster on Node, whatever the work. */
export const constantBuffer: Contender = {
  ...{ name: "constant", title: "limit: node:http and a constant buffer", server: "peers/constant.mjs", options: {}, kind: "limit" },
  authorization: "none",
  ask: (workload) => ({ path: `/${workload}`, body: "{}" }),
  read: null,
};
