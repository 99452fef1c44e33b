import { setTimeout as wait } from "node:timers/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { parse } from "graphql";
import { afterEach, describe, expect, test } from "vitest";
import { CatalogError } from "../../sdk/src/catalog-error.js";
import { createCatalogClient, type CatalogClientOptions } from "../../sdk/src/client.js";
import { answerBySchema, answerJson, readBody, startServer, type TestServer } from "./support/schema-server.js";

const RELEASE = parse("query Release { release { number } }") as TypedDocumentNode<
  { readonly release: { readonly number: number } | null },
  Record<string, never>
>;

interface ReleasesPage {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly { readonly node: { readonly number: number } }[];
}
const RELEASES = parse(
  "query Releases($first: Int!, $after: String) { releases(first: $first, after: $after) { pageInfo { hasNextPage endCursor } edges { node { number } } } }",
) as TypedDocumentNode<{ readonly releases: ReleasesPage }, { readonly first: number; readonly after?: string | null }>;

let server: TestServer | undefined;
afterEach(() => server?.close());

async function clientOf(
  answer: Parameters<typeof startServer>[0],
  options: Partial<CatalogClientOptions> = {},
): Promise<ReturnType<typeof createCatalogClient>> {
  server = await startServer(answer);
  return createCatalogClient({ url: server.url, ...options });
}

async function failureOf(promise: Promise<unknown>): Promise<CatalogError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CatalogError);
  return error as CatalogError;
}

test("sends the operation with its name and the key, and gives back the data", async () => {
  const requests: { authorization: string | undefined; body: unknown }[] = [];
  const client = await clientOf(
    async (request, response) => {
      requests.push({ authorization: request.headers.authorization, body: JSON.parse(await readBody(request)) });
      answerJson(response, 200, { data: { release: { number: 7 } } });
    },
    { apiKey: "cgk_secret" },
  );
  await expect(client.query(RELEASE)).resolves.toEqual({ release: { number: 7 } });
  expect(requests).toMatchObject([{ authorization: "Bearer cgk_secret", body: { operationName: "Release" } }]);
});

describe("whatever fails is a CatalogError that says what, where and under which id", () => {
  const html = (status: number) => (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, { "content-type": "text/html" }).end("<h1>Not the catalog</h1>");
  };
  const json = (status: number, body: unknown) => (_request: IncomingMessage, response: ServerResponse) => answerJson(response, status, body);
  const denied = { message: "This needs the permission.", path: ["release", "note"], extensions: { code: "FORBIDDEN" } };

  test.each([
    [
      "a refused key",
      json(401, { errors: [{ message: "The credential is not valid.", extensions: { code: "UNAUTHENTICATED" } }] }),
      { code: "UNAUTHENTICATED", path: null, requestId: "request-1", status: 401, message: "The credential is not valid." },
    ],
    [
      "one field of an answer",
      json(200, { data: { release: null }, errors: [denied] }),
      { code: "FORBIDDEN", path: ["release", "note"], requestId: "request-1", status: 200 },
    ],
    [
      "several fields",
      json(200, { data: null, errors: [denied, { message: "Gone.", extensions: { code: "INTERNAL", requestId: "request-2" } }] }),
      { code: "FORBIDDEN", requestId: "request-2", problems: [{ code: "FORBIDDEN" }, { code: "INTERNAL", message: "Gone.", path: null }] },
    ],
    ["an error without a code", json(200, { errors: [{ message: "No." }] }), { code: "INVALID_RESPONSE", message: "No." }],
    ["errors that are none", json(200, { errors: [null, "no"] }), { code: "INVALID_RESPONSE", problems: [] }],
    ["a proxy that cannot reach the gateway", html(502), { code: "UNAVAILABLE", path: null, requestId: null, status: 502 }],
    ["a proxy that wants another key", html(403), { code: "FORBIDDEN", status: 403, problems: [] }],
    ["a page that is not the API", html(200), { code: "INVALID_RESPONSE", status: 200 }],
    ["JSON that is not GraphQL", json(200, { hello: "world" }), { code: "INVALID_RESPONSE", status: 200 }],
    ["JSON that is no object", json(200, "hello"), { code: "INVALID_RESPONSE", status: 200 }],
    [
      "JSON that is cut off",
      (_request: IncomingMessage, response: ServerResponse) => void response.writeHead(200, { "content-type": "application/json" }).end('{"data":'),
      { code: "INVALID_RESPONSE" },
    ],
    ["no content", (_request: IncomingMessage, response: ServerResponse) => void response.writeHead(204).end(), { code: "INVALID_RESPONSE", status: 204 }],
    [
      "a connection that breaks off",
      (_request: IncomingMessage, response: ServerResponse) =>
        void response.writeHead(200, { "content-type": "application/json", "content-length": "100" }).write("{", () => response.destroy()),
      { code: "NETWORK", status: null, requestId: null },
    ],
  ])("%s", async (_what, answer, expected) => {
    const client = await clientOf(answer, { apiKey: "cgk_secret" });
    const error = await failureOf(client.query(RELEASE));
    expect(error).toMatchObject({ name: "CatalogError", ...expected });
    expect(JSON.stringify(error) + String(error.stack)).not.toContain("cgk_secret");
  });

  test("a gateway that is not there", async () => {
    const client = await clientOf(() => undefined);
    await server?.close();
    const error = await failureOf(client.query(RELEASE));
    expect(error).toMatchObject({ code: "NETWORK", status: null, path: null });
    expect(error.cause).toBeInstanceOf(Error);
  });

  test("an answer that does not come in time", async () => {
    const client = await clientOf(() => undefined, { timeoutMs: 50 });
    expect(await failureOf(client.query(RELEASE))).toMatchObject({ code: "TIMEOUT" });
  });

  test("an answer that does not end in time", async () => {
    const client = await clientOf((_request, response) => void response.writeHead(200, { "content-type": "application/json" }).write("{"), { timeoutMs: 50 });
    expect(await failureOf(client.query(RELEASE))).toMatchObject({ code: "TIMEOUT" });
  });

  test("a caller who gives up, during the request or before it", async () => {
    const client = await clientOf(() => undefined);
    const controller = new AbortController();
    const failure = failureOf(client.query(RELEASE, {}, { signal: controller.signal }));
    await wait(20);
    controller.abort(new Error("the page was left"));
    expect(await failure).toMatchObject({ code: "ABORTED", cause: new Error("the page was left") });
    expect(await failureOf(client.query(RELEASE, {}, { signal: controller.signal }))).toMatchObject({ code: "ABORTED" });
  });
});

test.each([
  ["url", { url: "/graphql" }],
  ["url", { url: "localhost:4000/graphql" }],
  ["apiKey", { url: "http://localhost/", apiKey: "" }],
  ["apiKey", { url: "http://localhost/", apiKey: "cgk_secret\ncgk_secret" }],
  ["timeoutMs", { url: "http://localhost/", timeoutMs: 0 }],
  ["timeoutMs", { url: "http://localhost/", timeoutMs: Infinity }],
])("a %s that cannot work is refused at once, without showing a key: %j", (name, options) => {
  expect(() => createCatalogClient(options)).toThrow(new RegExp(`^${name}: (?!.*cgk_secret)`));
});

describe("pages", () => {
  const numbers = (page: ReleasesPage): readonly number[] => page.edges.map(({ node }) => node.number);

  /** A history of five releases, newest first, whose cursors are the numbers. */
  function history(asked: (string | null)[]): Parameters<typeof startServer>[0] {
    return answerBySchema({
      releases: ({ first, after }: { first: number; after?: string | null }) => {
        asked.push(after ?? null);
        const left = [5, 4, 3, 2, 1].filter((number) => after == null || number < Number(after));
        const edges = left.slice(0, first).map((number) => ({ node: { number } }));
        return { edges, pageInfo: { hasNextPage: left.length > first, endCursor: edges.at(-1)?.node.number.toString() ?? null } };
      },
    });
  }

  test("follow one another to the end of the list", async () => {
    const asked: (string | null)[] = [];
    const client = await clientOf(history(asked));
    const read: (readonly number[])[] = [];
    for await (const page of client.pages(RELEASES, { first: 2 }, ({ releases }) => releases)) read.push(numbers(page));
    expect(read).toEqual([[5, 4], [3, 2], [1]]);
    expect(asked).toEqual([null, "4", "2"]);
  });

  test("begin after a cursor, and are asked for only when they are wanted", async () => {
    const asked: (string | null)[] = [];
    const client = await clientOf(history(asked));
    for await (const page of client.pages(RELEASES, { first: 2, after: "4" }, ({ releases }) => releases)) {
      expect(numbers(page)).toEqual([3, 2]);
      break;
    }
    expect(asked).toEqual(["4"]);
  });

  test("end where there is no list", async () => {
    const client = await clientOf(history([]));
    const pages = client.pages(RELEASES, { first: 2 }, () => null);
    await expect(pages.next()).resolves.toEqual({ done: true, value: undefined });
  });

  test.each([[null], ["4"]])("do not go round in circles when the next cursor is %s", async (endCursor) => {
    const client = await clientOf(answerBySchema({ releases: { edges: [], pageInfo: { hasNextPage: true, endCursor } } }));
    const pages = client.pages(RELEASES, { first: 2, after: "4" }, ({ releases }) => releases);
    await pages.next();
    expect(await failureOf(pages.next())).toMatchObject({ code: "INVALID_RESPONSE" });
  });
});
