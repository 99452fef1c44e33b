import type { AddressInfo } from "node:net";
import { describe, expect } from "vitest";
import { malformedBytes, malformedRequest, type SPOIL } from "../support/malformed-requests.js";
import { readAnswers, sendBytes, type RawAnswer } from "../support/raw-http.js";
import { test, type Gateway } from "../support/api.js";

/** Together 100,000. */
const COUNTS: readonly (readonly [keyof typeof SPOIL, number])[] = [
  ["bytes", 20_000],
  ["headers", 18_000],
  ["json", 20_000],
  ["graphql", 20_000],
  ["address", 18_000],
];
const OVER_SOCKETS = 4_000;

/** How many are under way at once: enough to keep the database busy, few enough to find a connection to it. */
const AT_ONCE = 16;
const SHOWN = 3;

/** What only the inside of a gateway says. */
const INSIDES =
  /<html|<!doctype|\n\s+at |node_modules|\.[jt]s:\d|file:\/\/|prisma|postgres|\bpg_|relation "|\bselect\b[^"]*\bfrom\b|\binsert into\b|Cannot read propert|is not a function|\bE(?:CONN|NOENT)/i;

/** What is wrong with an answer, or null. */
function faultOf({ status, headers, body }: RawAnswer, isHead: boolean): string | null {
  const type = headers.get("content-type") ?? "";
  // The explorer's own files are no answers of the API.
  if (type.startsWith("text/plain")) return /^(There is no such file here|The explorer is not built yet)/.test(body) ? null : "is plain text";
  if (status >= 500) return `status ${status}`;
  if (INSIDES.test(body)) return "tells of its inside";
  // Node leaves their bodies out.
  if (isHead || status === 204 || status === 302) return null;
  if (!/^application\/(graphql-response\+)?json; charset=utf-8$/.test(type)) return `has the type ${type}`;
  const { data, errors } = JSON.parse(body) as { data?: unknown; errors?: { message?: unknown; extensions?: { code?: unknown } }[] };
  for (const { message, extensions } of errors ?? []) {
    if (typeof message !== "string" || typeof extensions?.code !== "string") return "has an error without a code";
    if (/^(INTERNAL|INTERNAL_SERVER_ERROR|UNAVAILABLE)$/.test(extensions.code)) return `is ${extensions.code}`;
  }
  if (status >= 400 && !errors?.length) return "does not say why not";
  return errors || data || /^\{"(status|places)":/.test(body) ? null : "is neither an answer nor an error";
}

/** Sends requests 0 to `count`, and shows the first that were not answered as they should, with what came back. */
async function faults(count: number, send: (number: number) => Promise<string | null>): Promise<string[]> {
  const found: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let number = next++; number < count && found.length < SHOWN; number = next++) {
      const fault = await send(number);
      if (fault !== null) found.push(`${number}: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

describe("requests that are spoilt get an error in the form of all errors", () => {
  for (const [how, count] of COUNTS) {
    test(`${count} of them in their ${how}`, { timeout: 120_000 }, async ({ gateway }) => {
      const credentials = await credentialsOf(gateway);
      const found = await faults(count, async (number) => {
        const request = malformedRequest(how, number);
        const authorization = credentials[number % credentials.length];
        const send = () => gateway.app.server.inject({ ...request, headers: { ...(authorization ? { authorization } : {}), ...request.headers } });
        let response = await send();
        // A machine that is busy with other things may lack a connection; then the answer says to try again.
        for (let again = 0; again < 3 && response.payload.includes('"UNAVAILABLE"'); again++) response = await send();
        const headers = new Map(Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]));
        const fault = faultOf({ status: response.statusCode, headers, body: response.payload }, request.method === "HEAD");
        return (
          fault &&
          `${fault}: ${JSON.stringify({ ...request, payload: Buffer.isBuffer(request.payload) ? request.payload.toString("utf8") : null }).slice(0, 1_500)} -> ${response.payload.slice(0, 500)}`
        );
      });
      expect(found).toEqual([]);
    });
  }

  test(`${OVER_SOCKETS} of them on the wire, or the end of the connection`, { timeout: 120_000 }, async ({ gateway }) => {
    await gateway.app.listen("127.0.0.1", 0);
    const { port } = gateway.app.server.server.address() as AddressInfo;
    let answered = 0;
    const found = await faults(OVER_SOCKETS, async (number) => {
      const bytes = malformedBytes(number);
      const said = await sendBytes(port, bytes);
      const fault = faultOnWire(said, bytes);
      if (said !== "") answered++;
      return fault && `${fault}: ${JSON.stringify(bytes.toString("latin1")).slice(0, 1_500)} -> ${said.slice(0, 500)}`;
    });
    expect(found).toEqual([]);
    expect(answered).toBeGreaterThan(OVER_SOCKETS / 2);
  });
});

function faultOnWire(said: string, bytes: Buffer): string | null {
  const isHead = /^\s*HEAD /.test(bytes.toString("latin1"));
  for (const answer of isHead ? [] : readAnswers(said)) {
    const fault = faultOf(answer, false);
    if (fault !== null) return fault;
  }
  return null;
}

/** Callers of some kinds, for each opens other fields: what a frontend may not see is refused before it could fail. */
async function credentialsOf({ app }: Gateway): Promise<(string | null)[]> {
  const roles = ["frontend", "service", "admin"] as const;
  const keys = await Promise.all(roles.map((role) => app.apiKeys.create({ name: `spoilt ${role}`, role, expiresAt: null })));
  return [null, null, null, null, null, ...keys.map(({ key }) => `Bearer ${key}`)];
}
