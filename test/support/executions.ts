import { expect } from "vitest";
import type { KeyRole, Role } from "../../src/access/permission.js";
import type { App } from "../../src/app.js";
import type { CompiledStats } from "../../src/graphql/compiled/compiled-execution.js";
import type { Gateway, Json } from "./api.js";
import { bearer, send, type Got, type Sent } from "./limited.js";

/** Two gateways over one database: the one answers queries from plans, the other by graphql-js alone. */
export interface Executions {
  readonly compiled: App;
  readonly plain: App;
  readonly stats: Readonly<CompiledStats>;
  /** Asks the plain one once and the other until it has a plan and answers by it, and expects the same of all. Returns what was answered. */
  expectSame(role: Role, sent: Sent): Promise<Got>;
  close(): Promise<void>;
}

/** The first time it is only seen, the second time it is planned, the third time the plan is there. */
const TIMES = 3;

export async function openExecutions(gateway: Gateway, documents = 1_000): Promise<Executions> {
  const compiled = await gateway.open({ compiled: { documents } });
  const stats = compiled.compiled;
  if (!stats) throw new Error("nothing is compiled");
  const keys = new Map<KeyRole, string>();
  const authorizationOf = async (role: Role): Promise<string | undefined> => {
    if (role === "anonymous") return undefined;
    if (role === "customer") return gateway.authorizationOfCustomer("ada");
    const known = keys.get(role);
    if (known !== undefined) return known;
    const made = await bearer(gateway.app, role);
    keys.set(role, made);
    return made;
  };
  return {
    ...{ compiled, plain: gateway.app, stats },
    expectSame: async (role, sent) => {
      const from = { authorization: await authorizationOf(role) };
      const plain = await send(gateway.app, sent, from);
      for (let time = 1; time <= TIMES; time++) {
        const compiledAnswer = await send(compiled, sent, from);
        const see = isRaced(plain) && isRaced(compiledAnswer) ? whatIsSure : outsideOf;
        expect(see(compiledAnswer), `${role}, time ${time}: ${JSON.stringify(sent)}`).toEqual(see(plain));
      }
      return plain;
    },
    close: () => compiled.close(),
  };
}

/** All that a caller gets, but for what is another each time. */
function outsideOf({ status, headers, text }: Got): object {
  const { "x-request-id": _id, date: _date, ...others } = headers;
  return { status, headers: others, text: text.replace(/"requestId":"[^"]*"/g, '"requestId":"…"') };
}

/** Whether an error has taken more along than its own field. Which of several such errors is told then depends on which happens first, with and without plans. */
function isRaced({ body, data }: Got): boolean {
  return (body.errors ?? []).some((error: Json) => !isInPlace(error, data));
}

function whatIsSure({ status, body, data }: Got): object {
  return {
    status,
    data,
    errors: body.errors.filter((error: Json) => isInPlace(error, data)).map(({ path, extensions }: Json) => ({ path, code: extensions.code })),
  };
}

function isInPlace({ path = [] }: Json, data: Json): boolean {
  return path.length > 0 && path.slice(0, -1).reduce((above: Json, step: string | number) => above?.[step], data) != null;
}
