import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { explorer } from "../../src/platform/http/explorer.js";

let folder: string;
let app: FastifyInstance;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "explorer-serving-"));
  await writeFile(path.join(folder, "secret.txt"), "secret");
  app = fastify();
  await app.register(explorer({ folder: path.join(folder, "built") }));
});

afterEach(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

test("before there is a build, the answer says how to make one", async () => {
  for (const url of ["/explorer/", "/explorer/assets/index.js"]) {
    const response = await app.inject(url);
    expect(response.statusCode).toBe(503);
    expect(response.headers["content-type"]).toMatch(/^text\/plain/);
    expect(response.body).toContain("npm run explorer:build");
  }
});

describe("with a build, also one made after the server started", () => {
  beforeEach(async () => {
    const built = path.join(folder, "built");
    await mkdir(path.join(built, "assets"), { recursive: true });
    await writeFile(path.join(built, "index.html"), "<!doctype html>");
    await writeFile(path.join(built, ".built-from"), "secret");
    await writeFile(path.join(built, "assets/index-1a2b.js"), "plain");
    await writeFile(path.join(built, "assets/index-1a2b.js.br"), "brotli");
  });

  test("the page is asked for again each time, its assets never", async () => {
    const page = await app.inject("/explorer/");
    expect(page.statusCode).toBe(200);
    expect(page.headers["content-type"]).toMatch(/^text\/html/);
    expect(page.headers["cache-control"]).toBe("no-cache");
    expect(page.headers.etag).toBeDefined();

    const asset = await app.inject("/explorer/assets/index-1a2b.js");
    expect(asset.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  });

  test("a browser that takes brotli gets the file compressed at build time", async () => {
    const url = "/explorer/assets/index-1a2b.js";
    const compressed = await app.inject({ url, headers: { "accept-encoding": "gzip, br" } });
    expect(compressed.headers).toMatchObject({
      "content-encoding": "br",
      "content-type": expect.stringMatching(/javascript/),
      "cache-control": expect.stringMatching(/immutable/),
      vary: expect.stringMatching(/accept-encoding/i),
    });
    expect(compressed.body).toBe("brotli");
    expect((await app.inject(url)).body).toBe("plain");
  });

  test("the address without the slash leads to the one with it", async () => {
    const response = await app.inject("/explorer");
    expect(response.statusCode).toBe(302);
    expect(new URL(response.headers.location ?? "", "http://host/below/explorer").pathname).toBe("/below/explorer/");
  });

  test.each([
    "/explorer/../secret.txt",
    "/explorer/..%2fsecret.txt",
    "/explorer/%2e%2e/secret.txt",
    "/explorer/%2e%2e%2fsecret.txt",
    "/explorer/..%5csecret.txt",
    "/explorer/assets/..%2f..%2fsecret.txt",
    "/explorer/%252e%252e%252fsecret.txt",
    "/explorer//../secret.txt",
    "/explorer/.built-from",
    "/explorer/assets/",
    "/explorer/assets",
    "/explorer/%00",
  ])("%s reaches nothing", async (url) => {
    const response = await app.inject(url);
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.statusCode).toBeLessThan(500);
    expect(response.body).not.toBe("secret");
  });

  test.each(["/explorer", "/explorer/", "/explorer/assets/index-1a2b.js", "/explorer/none"])("%s forbids whatever the page does not need", async (url) => {
    const { headers } = await app.inject(url);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("no-referrer");
    const policy = String(headers["content-security-policy"]);
    for (const directive of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) {
      expect(policy.split("; ")).toContain(directive);
    }
    expect(policy).not.toMatch(/unsafe-eval|https?:|\*/);
  });

  test("no other route of the gateway gets these headers", async () => {
    const { headers } = await app.inject("/graphql");
    expect(headers["content-security-policy"]).toBeUndefined();
  });
});
