import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getIntrospectionQuery, print, type DocumentNode } from "graphql";
import { describe, expect } from "vitest";
import type { KeyRole } from "../../src/access/permission.js";
import type { App } from "../../src/app.js";
import { hashDocument } from "../../src/graphql/arrival/trusted-documents.js";
import { readTrustedDocuments } from "../../src/startup/trusted-documents.js";
import { createCatalogClient, PricingPageDocument } from "../../sdk/src/index.js";
import * as operations from "../../sdk/src/generated/operations.js";
import { test, type Gateway } from "../support/api.js";
import { bearer, get, send } from "../support/limited.js";
import { makeTemporaryFolder } from "../support/temporary-folder.js";

const MANIFEST = join(import.meta.dirname, "..", "..", "sdk", "src", "generated", "trusted-documents.json");
const manifest = JSON.parse(readFileSync(MANIFEST, "utf8")) as Record<string, string>;

const TRUSTED = "query One($key: Key!) {\n  plan(key: $key) {\n    key\n  }\n}";
const CHANGE = "mutation Change {\n  __typename\n}";
const FREE = '{ plan(key: "free") { rank } }';
const KEY = { key: "free" };
const ID = `sha256:${hashDocument(TRUSTED)}`;
const persisted = (text: string): object => ({ persistedQuery: { version: 1, sha256Hash: hashDocument(text) } });

async function withTrusted(gateway: Gateway, body: (app: App) => Promise<void>, trusted: readonly string[] | null = [TRUSTED, CHANGE]): Promise<void> {
  const app = await gateway.open({ trustedDocuments: trusted && new Map(trusted.map((text) => [hashDocument(text), text])) });
  try {
    await body(app);
  } finally {
    await app.close();
  }
}

describe("where there are trusted documents, whoever may send no others", () => {
  const RESTRICTED: readonly (KeyRole | null)[] = [null, "frontend"];

  for (const role of RESTRICTED) {
    test(`(${role ?? "anonymous"}) sends those by their hash, or as they are`, async ({ gateway }) => {
      await withTrusted(gateway, async (app) => {
        const from = role === null ? {} : { authorization: await bearer(app, role) };
        const ways = [
          { documentId: ID, variables: KEY },
          { documentId: hashDocument(TRUSTED), variables: KEY },
          { extensions: persisted(TRUSTED), variables: KEY },
          { query: TRUSTED, variables: KEY },
          { query: TRUSTED, extensions: persisted(TRUSTED), variables: KEY },
        ];
        for (const sent of ways) expect((await send(app, sent, from)).data, JSON.stringify(sent)).toEqual({ plan: { key: "free" } });
      });
    });

    test(`(${role ?? "anonymous"}) is refused everything else, before it is looked at`, async ({ gateway }) => {
      await withTrusted(gateway, async (app) => {
        const from = role === null ? {} : { authorization: await bearer(app, role) };
        const ways = [
          { query: FREE },
          { query: `${TRUSTED} ` },
          { query: getIntrospectionQuery() },
          { query: "{ this is no document" },
          { query: "" },
          { documentId: hashDocument(FREE) },
          { extensions: persisted(FREE) },
          { query: FREE, extensions: persisted(FREE) },
        ];
        for (const sent of ways) {
          const { status, code } = await send(app, sent, from);
          expect({ status, code }, JSON.stringify(sent)).toEqual({ status: 403, code: "DOCUMENT_NOT_TRUSTED" });
        }
        expect((await get(app, { query: FREE }, from)).code).toBe("DOCUMENT_NOT_TRUSTED");
        expect((await get(app, { documentId: hashDocument(FREE) }, from)).code).toBe("DOCUMENT_NOT_TRUSTED");
        expect((await get(app, { extensions: JSON.stringify(persisted(FREE)) }, from)).code).toBe("DOCUMENT_NOT_TRUSTED");
      });
    });
  }

  test("cannot smuggle one in beside a trusted one", async ({ gateway }) => {
    await withTrusted(gateway, async (app) => {
      const both = [
        { documentId: ID, query: FREE },
        { query: FREE, extensions: persisted(TRUSTED) },
        { documentId: [ID], query: FREE },
        { documentId: { toString: "x" } },
        { query: FREE, extensions: { persistedQuery: { version: 2, sha256Hash: hashDocument(TRUSTED) } } },
        { query: FREE, extensions: { persistedQuery: [hashDocument(TRUSTED)] } },
        { query: FREE, extensions: { persistedQuery: { version: 1, sha256Hash: { a: 1 } } } },
        { query: FREE, extensions: { persistedQuery: true } },
        { query: { kind: "Document", definitions: [] } },
        { query: [FREE] },
      ];
      for (const sent of both) {
        const { status, data } = await send(app, sent);
        expect({ status: status >= 400 && status < 500, data }, JSON.stringify(sent)).toEqual({ status: true, data: undefined });
      }
      const twice = new URLSearchParams([["query", TRUSTED], ["query", FREE], ["variables", JSON.stringify(KEY)]]); // prettier-ignore
      const response = await app.server.inject({ method: "GET", url: `/graphql?${twice.toString()}`, headers: { "apollo-require-preflight": "1" } });
      expect(response.statusCode).toBe(400);
    });
  });

  test("does not get at what others had kept under its hash", async ({ gateway }) => {
    await withTrusted(gateway, async (app) => {
      const from = { authorization: await bearer(app, "partner") };
      expect((await send(app, { query: FREE, extensions: persisted(FREE) }, from)).status).toBe(200);
      expect((await send(app, { extensions: persisted(FREE) }, from)).data).toEqual({ plan: { rank: expect.any(Number) as number } });
      expect((await send(app, { extensions: persisted(FREE) })).code).toBe("DOCUMENT_NOT_TRUSTED");
    });
  });
});

test("others send what they like", async ({ gateway }) => {
  await withTrusted(gateway, async (app) => {
    for (const role of ["partner", "service", "editor"] as const) {
      expect((await send(app, { query: FREE }, { authorization: await bearer(app, role) })).status).toBe(200);
    }
  });
  await withTrusted(gateway, async (app) => expect((await send(app, { query: FREE })).status).toBe(200), null);
});

describe("by GET", () => {
  test("a trusted query is answered, and a change is not made", async ({ gateway }) => {
    await withTrusted(gateway, async (app) => {
      expect((await get(app, { documentId: ID, variables: JSON.stringify(KEY) })).data).toEqual({ plan: { key: "free" } });
      expect((await get(app, { extensions: JSON.stringify(persisted(TRUSTED)), variables: JSON.stringify(KEY) })).data).toEqual({ plan: { key: "free" } });
      expect((await get(app, { documentId: hashDocument(CHANGE) })).status).toBe(405);
      expect((await get(app, { documentId: "nonsense" })).status).toBe(400);
    });
  });
});

describe("queries that clients had kept", () => {
  test("are found by their hash once they were sent, and only by the right one", async ({ gateway }) => {
    const text = "{ __typename here: __typename }";
    expect((await send(gateway.app, { extensions: persisted(text) })).code).toBe("PERSISTED_QUERY_NOT_FOUND");
    expect((await send(gateway.app, { query: FREE, extensions: persisted(text) })).code).toBe("BAD_REQUEST");
    expect((await send(gateway.app, { extensions: persisted(text) })).code).toBe("PERSISTED_QUERY_NOT_FOUND");
    expect((await send(gateway.app, { query: text, extensions: persisted(text) })).status).toBe(200);
    expect((await send(gateway.app, { extensions: persisted(text) })).data).toEqual({ __typename: "Query", here: "Query" });
    expect((await send(gateway.app, { documentId: hashDocument(text) })).code).toBe("UNKNOWN_DOCUMENT");
  });

  test("are not kept when they were refused", async ({ gateway }) => {
    const text = `{ ${"...{ ".repeat(40)} __typename ${" }".repeat(40)} }`;
    expect((await send(gateway.app, { query: text, extensions: persisted(text) })).code).toBe("TOO_DEEP");
    expect((await send(gateway.app, { extensions: persisted(text) })).code).toBe("PERSISTED_QUERY_NOT_FOUND");
  });

  test("push out the oldest, and no more than so many are kept", async ({ gateway }) => {
    const texts = Array.from({ length: 1_001 }, (_, index) => `{ a${index}: __typename }`);
    for (const query of texts) await send(gateway.app, { query, extensions: persisted(query) });
    expect((await send(gateway.app, { extensions: persisted(texts[0] ?? "") })).code).toBe("PERSISTED_QUERY_NOT_FOUND");
    expect((await send(gateway.app, { extensions: persisted(texts[1_000] ?? "") })).status).toBe(200);
  });
});

describe("the manifest of the SDK", () => {
  test("has each operation as the typed client sends it", () => {
    const documents = Object.entries(operations).flatMap(([name, value]): DocumentNode[] => (name.endsWith("Document") ? [value] : []));
    expect(Object.keys(manifest)).toHaveLength(documents.length);
    for (const document of documents) expect(manifest[`sha256:${hashDocument(print(document))}`]).toBe(print(document));
  });

  test("lets the typed client through, and nobody else", async ({ gateway }) => {
    const app = await gateway.open({ trustedDocuments: await readTrustedDocuments([MANIFEST]) });
    try {
      const { url } = await app.listen("127.0.0.1", 0);
      const catalog = createCatalogClient({ url: `${url}/graphql` });
      const { comparePlans } = await catalog.query(PricingPageDocument, { market: "se", product: "music" });
      expect(comparePlans?.plans.length).toBeGreaterThan(0);
      expect((await send(app, { query: FREE })).code).toBe("DOCUMENT_NOT_TRUSTED");
    } finally {
      await app.close();
    }
  });

  test("is refused at start when it is not sound", async () => {
    expect(await readTrustedDocuments([])).toBeNull();
    const folder = await makeTemporaryFolder();
    const cases = [
      ["no JSON", "not the SHA|not a JSON object", "{"],
      ["a list", "not a JSON object", "[]"],
      ["a wrong hash", "is not the SHA-256", JSON.stringify({ [ID]: FREE })],
      ["a document that is no text", "is not the SHA-256", JSON.stringify({ [ID]: { text: TRUSTED } })],
    ] as const;
    for (const [name, message, content] of cases) {
      const file = join(folder, `${name}.json`);
      writeFileSync(file, content);
      await expect(readTrustedDocuments([file]), name).rejects.toThrow(new RegExp(message));
    }
    await expect(readTrustedDocuments([join(folder, "nowhere.json")])).rejects.toThrow("there is no such file");
  });
});
