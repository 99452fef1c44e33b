import type { Browser, BrowserContext, Page, Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launchBrowser } from "./support/browser.js";
import { expected, type ServerUnderTest, startServer } from "./support/server.js";

/** Longer than GraphiQL waits before it writes its state down. */
const WRITTEN_AFTER_MS = 1000;

let server: ServerUnderTest;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let requests: Request[];
let complaints: string[];

beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

beforeEach(async () => {
  requests = [];
  complaints = [];
  context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  context.on("request", (request) => requests.push(request));
  context.on("weberror", (error) => complaints.push(error.error().message));
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await context.addInitScript(
    `addEventListener("securitypolicyviolation", (event) => console.error("CSP: " + event.violatedDirective + " " + event.blockedURI))`,
  );
  page = await openExplorer();
});

afterEach(async () => {
  await context.close();
  expect(complaints, "errors and warnings on the console").toEqual([]);
  expect(foreignRequests(), "requests to other hosts").toEqual([]);
});

describe("the page", () => {
  // What must hold in every test is looked at after each: no error, no violation of the policy, no foreign request.
  test("is served with its security policy and runs", async () => {
    const response = await page.reload();
    expect(response?.headers()["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self';/);
    await run();
    await expectResponse(expected.firstExample.answer);
    expect(requests.length).toBeGreaterThan(5);
  });

  test("names every control for screen readers", async () => {
    await editor("Operation").waitFor();
    const names = await Promise.all((await page.getByRole("button").all()).map(async (button) => (await button.ariaSnapshot()).trim()));
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => /^- button(:|$)/.test(name.split("\n")[0] ?? ""))).toEqual([]);
    for (const name of ["Operation", "Variables, as JSON", "Response"]) expect(await editor(name).count()).toBe(1);
  });

  test("turns dark with the system, the code editor included", async () => {
    await page.locator(".graphiql-query-editor").getByText("query", { exact: true }).waitFor();
    const colours = () =>
      page.evaluate<string[]>(`[
        getComputedStyle(document.querySelector(".graphiql-container")).backgroundColor,
        getComputedStyle(document.querySelector(".graphiql-query-editor .view-line span span")).color,
      ]`);
    const [surface, text] = await colours();
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(async () => (await colours())[0]).not.toBe(surface);
    await expect.poll(async () => (await colours())[1]).not.toBe(text);
  });
});

describe("the examples", () => {
  test("open with the pricing page on the first visit", async () => {
    await tab(expected.firstExample.name).waitFor();
    await run();
    await expectResponse(expected.firstExample.answer);
    await page.getByText("HTTP 200").waitFor();
  });

  test("open in a tab of their own and run with their variables", async () => {
    await openExample(expected.otherExample.title);
    await tab(expected.otherExample.name).waitFor();
    await run();
    await expectResponse(expected.otherExample.answer);

    const sent = requests.filter((request) => request.postDataJSON()?.operationName === expected.otherExample.name);
    expect(sent).toHaveLength(1);
    expect(Object.keys(sent[0]?.postDataJSON().variables)).not.toEqual([]);
  });

  test("that are open already are shown again, not opened twice", async () => {
    await openExample(expected.otherExample.title);
    await tab(expected.otherExample.name).waitFor();
    await page.waitForTimeout(300);
    await openExample(expected.otherExample.title);
    expect(await page.getByRole("tab").count()).toBe(2);
  });
});

test("the documentation shows a type and what it means", async () => {
  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  await page.getByRole("combobox", { name: /search/i }).fill(expected.type.name);
  await page.getByRole("option", { name: expected.type.name, exact: true }).first().click();
  await page.getByText(expected.type.description).waitFor();
});

describe("an API key typed among the headers", () => {
  beforeEach(async () => {
    await page.getByRole("button", { name: /^Headers/ }).click();
    await editor("Request headers, as JSON").focus();
    // To the end of `"Authorization": "Bearer "`, the last line but one, before its closing quote.
    for (const key of ["Control+End", "ArrowUp", "End", "ArrowLeft"]) await page.keyboard.press(key);
    await page.keyboard.type(server.apiKey);
  });

  test("reaches the server with the operation", async () => {
    await run();
    await expectResponse(expected.firstExample.answer);
    expect(await lastAuthorization()).toBe(`Bearer ${server.apiKey}`);
  });

  test("goes along to the next tab and survives a reload", async () => {
    await openExample(expected.otherExample.title);
    await run();
    await expectResponse(expected.otherExample.answer);
    expect(await lastAuthorization()).toBe(`Bearer ${server.apiKey}`);

    await page.waitForTimeout(WRITTEN_AFTER_MS);
    await page.reload();
    await run();
    await expectResponse(expected.otherExample.answer);
    expect(await lastAuthorization()).toBe(`Bearer ${server.apiKey}`);
  });

  test("stays out of local storage, also by way of the history", async () => {
    await run();
    await expectResponse(expected.firstExample.answer);
    await page.waitForTimeout(WRITTEN_AFTER_MS);
    const stored = JSON.stringify((await context.storageState({ indexedDB: true })).origins);
    expect(stored).toContain(expected.firstExample.name);
    expect(stored).not.toContain(server.apiKey);
  });

  test("is unknown to another tab of the browser", async () => {
    page = await openExplorer();
    await run();
    await expectResponse(expected.firstExample.answer);
    expect(await lastAuthorization()).toBeNull();
  });
});

test("without a key, no Authorization header is sent", async () => {
  await run();
  await expectResponse(expected.firstExample.answer);
  expect(await lastAuthorization()).toBeNull();
});

async function openExplorer(): Promise<Page> {
  const opened = await context.newPage();
  await opened.goto(`${server.url}/explorer`);
  return opened;
}

function foreignRequests(): string[] {
  return requests.map((request) => request.url()).filter((url) => !/^(data|blob):/.test(url) && new URL(url).origin !== server.url);
}

function editor(name: string) {
  return page.getByRole("textbox", { name, exact: true });
}

function tab(name: string) {
  return page.getByRole("tab", { name });
}

async function openExample(title: string): Promise<void> {
  await page.getByRole("button", { name: title }).click();
}

async function run(): Promise<void> {
  await page.getByRole("button", { name: /^Execute query/ }).click();
}

async function expectResponse(text: string): Promise<void> {
  await page.locator(".result-window .view-line", { hasText: text }).first().waitFor();
}

async function lastAuthorization(): Promise<string | null> {
  const last = requests.filter((request) => request.method() === "POST" && !(request.postData() ?? "").includes("IntrospectionQuery")).at(-1);
  expect(last, "an operation was sent").toBeDefined();
  return (await last?.headerValue("authorization")) ?? null;
}
