import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "../support/database.js";
import { run, type Program } from "../support/program.js";
import { makeTemporaryFolder } from "../support/temporary-folder.js";

const PAGE = '{ comparePlans(market: "se", product: "music") { plans { plan { key } prices { key amount { amountMinor } } } features { feature { key } } } }';
const PEPPER = "a pepper that only the tests know of";
const QUOTE_SIGNING_KEYS = `test:${"07".repeat(32)}`;

let folder: string;
beforeAll(async () => {
  folder = await makeTemporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(environment: Readonly<Record<string, string>> = {}): Program {
  return run("main.ts", [], { PORT: "0", DATA_FOLDER: join(folder, "data"), ...environment });
}

async function address(gateway: Program): Promise<string> {
  return (await gateway.says(/API\s+(http:\/\/\S+)\/graphql/))[1] ?? "";
}

async function ask(url: string, query = PAGE, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query }),
  });
  // What a caller has left is the one thing that changes from answer to answer.
  return { status: response.status, body: (await response.text()).replace(/"remaining":\d+/, '"remaining":0') };
}

describe("a gateway of its own, from nothing", () => {
  test("answers, is killed, answers the same; then stops when asked and leaves no server behind", async () => {
    const first = start();
    const url = await address(first);
    const answer = await ask(url);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('"premium-family"');
    first.kill("SIGKILL");
    await first.ended;

    const second = start();
    const again = await address(second);
    expect(await ask(again)).toEqual(answer);

    // The key that it shows is good, and the same one that it showed before.
    const editor = (await second.says(/editor\s+(cgk_\S+)/))[1];
    expect((await ask(again, "{ release { author } }", { authorization: `Bearer ${editor}` })).body).toContain('"author":"catalog-gateway"');
    expect((await first.ended).out).toContain(editor);

    // So is the token that the command which it names makes.
    const command = (await second.says(/npm run -s catalog -- (token --role \S+ --customer \S+)/))[1]?.split(" ") ?? [];
    const token = await run("cli/catalog.ts", command, { DATA_FOLDER: join(folder, "data") }).ended;
    expect(token).toMatchObject({ code: 0, err: "Good for 3600 seconds. Send it as: Authorization: Bearer <token>\n" });
    expect((await ask(again, PAGE, { authorization: `Bearer ${token.out.trim()}` })).body).toBe(answer.body);
    const foreign = await run("cli/catalog.ts", ["token", "--role", "admin"], { DATA_FOLDER: join(folder, "another") }).ended;
    expect((await ask(again, PAGE, { authorization: `Bearer ${foreign.out.trim()}` })).status).toBe(401);

    second.kill("SIGTERM");
    const { code, err } = await second.ended;
    expect({ code, err }).toEqual({ code: 0, err: "" });
    await expect(fetch(again)).rejects.toThrow();
  });

  test("a request under way when it is asked to stop is answered", async () => {
    const gateway = start();
    const url = await address(gateway);
    const answers = Array.from({ length: 20 }, () => ask(url));
    // All have been sent when the first is back.
    await Promise.race(answers);
    gateway.kill("SIGTERM");
    for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
    expect((await gateway.ended).code).toBe(0);
  });
});

describe("several gateways on one new database", () => {
  test("start at once and all answer the same", async () => {
    const database = await createTestDatabase("reference");
    try {
      const gateways = [0, 1, 2].map(() => start({ DATABASE_URL: database.url, API_KEY_PEPPER: PEPPER, CODE_PEPPER: PEPPER, QUOTE_SIGNING_KEYS }));
      const urls = await Promise.all(gateways.map(address));
      const [first, ...others] = await Promise.all(urls.map((url) => ask(url)));
      for (const other of others) expect(other).toEqual(first);
      for (const gateway of gateways) gateway.kill("SIGINT");
      for (const gateway of gateways) expect((await gateway.ended).code).toBe(0);
    } finally {
      await database.drop();
    }
  });
});

describe("what an operator has to mend is said in a line, with an exit code", () => {
  test("a port that is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { port: number };
    const { code, err } = await start({ PORT: String(port) }).ended;
    other.close();
    expect(err).toBe(`Port ${port} is taken by another program. Choose one with PORT=4001, or PORT=0 for any that is free.\n`);
    expect(code).toBe(78);
  });

  test("a configuration with several problems", async () => {
    const { code, err } = await start({ PORT: "hello-secret", LOG_LEVEL: "loud-secret", DATABASE_URL: "mysql://secret", TOKEN_ISSUERS: "[{}]" }).ended;
    expect(code).toBe(78);
    for (const name of ["PORT", "LOG_LEVEL", "DATABASE_URL", "API_KEY_PEPPER", "CODE_PEPPER", "QUOTE_SIGNING_KEYS", "TOKEN_ISSUERS.0.jwks"])
      expect(err).toContain(name);
    expect(err).not.toContain("secret");
  });

  test("a database that does not answer", async () => {
    const { code, err } = await start({
      DATABASE_URL: "postgresql://user:hidden@127.0.0.1:1/catalog",
      API_KEY_PEPPER: PEPPER,
      CODE_PEPPER: PEPPER,
      QUOTE_SIGNING_KEYS,
    }).ended;
    expect(code).toBe(69);
    expect(err).toContain("database");
    expect(err).not.toContain("hidden");
    expect(err).not.toMatch(/\bat .+:\d+:\d+/);
  });
});

test("npm start, told to stop, takes the gateway and its database along", async () => {
  const npm = spawn("npm", ["start"], {
    cwd: join(import.meta.dirname, "..", ".."),
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], PORT: "0", DATA_FOLDER: join(folder, "npm-start") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  const url = await new Promise<string>((resolve, reject) => {
    npm.on("close", () => reject(new Error(`it ended: ${out}`)));
    npm.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      const address = /API\s+(http:\/\/\S+)\/graphql[\s\S]*Stop with/.exec(out)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  expect((await ask(url)).status).toBe(200);
  const ended = new Promise((resolve) => npm.once("exit", resolve));
  npm.kill("SIGTERM");
  await ended;
  // npm does not wait for what it started; a gateway that goes on would answer for ever.
  await expect
    .poll(
      () =>
        fetch(url).then(
          () => "answers",
          () => "is gone",
        ),
      { timeout: 20_000 },
    )
    .toBe("is gone");
});
