import { describe, expect, test } from "vitest";
import { describeError, errorForLog } from "../../src/platform/logging/error-for-log.js";
import { redactor } from "../../src/platform/logging/redaction.js";

describe("a text without its secrets", () => {
  const SECRET = 'p"a ss\\w/ord+of&db';
  const redact = redactor([SECRET, SECRET.slice(0, 8), "abc"]);
  test.each`
    what                          | text                                             | left
    ${"as it is"}                 | ${`a ${SECRET} b`}                               | ${"a [redacted] b"}
    ${"as text in JSON"}          | ${JSON.stringify({ a: SECRET })}                 | ${'{"a":"[redacted]"}'}
    ${"in an address"}            | ${`?a=${encodeURIComponent(SECRET)}&b`}          | ${"?a=[redacted]&b"}
    ${"as base 64"}               | ${Buffer.from(SECRET).toString("base64")}        | ${"[redacted]"}
    ${"one that is part of one"}  | ${SECRET.slice(0, 8)}                            | ${"[redacted]"}
    ${"as short as a word"}       | ${"abc abcdef"}                                  | ${"abc abcdef"}
    ${"a header of any caller"}   | ${"authorization: Bearer abc.def-1"}             | ${"authorization: Bearer [redacted]"}
    ${"a user and a password"}    | ${"Basic dXNlcjpwYXNz"}                          | ${"Basic [redacted]"}
    ${"a key"}                    | ${"key cgk_0123456789_abcdefghjkmn is"}          | ${"key cgk_[redacted] is"}
    ${"a token"}                  | ${'"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"'} | ${'"[redacted]"'}
    ${"a password in an address"} | ${"to postgresql://u:hunter2@db:5432/c failed"}  | ${"to postgresql://u:[redacted]@db:5432/c failed"}
    ${"an address without one"}   | ${"https://shop.example:8080/a@b"}               | ${"https://shop.example:8080/a@b"}
  `("$what", ({ text, left }: { text: string; left: string }) => expect(redact(text)).toBe(left));
});

describe("an error as it is logged", () => {
  test("has what PostgreSQL names, and nothing of the rows", () => {
    const error = Object.assign(new Error('new row for relation "quote" violates check constraint "c"'), {
      ...{ name: "error", severity: "ERROR", code: "23514", table: "quote", constraint: "c", schema: "public" },
      ...{ detail: "Failing row contains (SECRET).", where: "SECRET", hint: "SECRET", internalQuery: "SECRET", query: "SECRET", parameters: ["SECRET"] },
    });
    const logged = errorForLog(error);
    expect(logged).toMatchObject({ type: "error", code: "23514", table: "quote", constraint: "c", message: error.message });
    expect(logged.stack).toMatch(/^error: new row .*\n\s+at /);
    expect(JSON.stringify(logged)).not.toContain("SECRET");
  });

  test("does not say which value could not be read", () => {
    expect(errorForLog(new Error('invalid input syntax for type bigint: "SECRET ""quoted"""')).message).toBe('invalid input syntax for type bigint: "…"');
    expect(errorForLog(new Error('relation "feature" does not exist')).message).toBe('relation "feature" does not exist');
  });

  test("has of Prisma's what went wrong, not what was asked", () => {
    const error = new Error("\nInvalid `prisma.apiKey.findUnique()` invocation in\n/a/b.ts:1:2\n\n{ where: { id: 'SECRET' } }\n\nUnknown argument `id`.");
    error.name = "PrismaClientValidationError";
    const logged = errorForLog(error);
    expect(logged.message).toBe("Unknown argument `id`.");
    expect(JSON.stringify(logged)).not.toContain("SECRET");
  });

  test("has its causes and parts, as deep as somebody may want to read", () => {
    const inner = Object.assign(new Error("inner"), { code: "ECONNREFUSED", address: "SECRET", config: { password: "SECRET" } });
    const logged = errorForLog(new AggregateError([inner], "outer", { cause: { kind: "TcpConnection", originalMessage: "refused", user: "SECRET" } }));
    expect(logged).toMatchObject({
      message: "outer",
      errors: [{ message: "inner", code: "ECONNREFUSED" }],
      cause: { kind: "TcpConnection", message: "refused" },
    });
    expect(JSON.stringify(logged)).not.toContain("SECRET");
    const circle: { name: string; message: string; cause?: unknown } = { name: "Circle", message: "round" };
    circle.cause = circle;
    expect(JSON.stringify(errorForLog(circle)).match(/round/g)?.length).toBe(5);
  });

  test.each([["a text that is a secret"], [7], [null], [undefined], [() => "secret"]])("may be no error: %s", (thrown) => {
    expect(errorForLog(thrown)).toEqual({ type: thrown === null ? "object" : typeof thrown, message: "something that is no error was thrown" });
  });

  test("is told to people with its causes", () => {
    expect(describeError(new Error("outer", { cause: new TypeError("inner") }))).toMatch(/^Error: outer\n\s+at [\s\S]+\ncaused by TypeError: inner\n\s+at /);
  });
});
