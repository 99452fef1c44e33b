import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Listening } from "../support/finished.js";
import { KeptConnection } from "../support/kept-connection.js";
import { rawRequest } from "../support/raw-http.js";
import { answersIn, asked, exchange, JSON_BODY, openRepeatingWorld, post, repeated, untilKnown, type RepeatingWorld } from "../support/repeating.js";

/** Requests that are known by their bytes, cut, hidden and sent as nobody should. */

const QUERY = "{ plans(first: 10) { totalCount edges { node { key name } } } }";
const OTHER = "{ products(first: 10) { totalCount edges { node { key name } } } }";

let world: RepeatingWorld;
let kept: Listening;
let planned: Listening;

beforeAll(async () => {
  world = await openRepeatingWorld();
  ({ kept, planned } = world);
}, 60_000);

afterAll(() => world.stop());

describe("bytes that are known mean nothing else than they would", () => {
  const KNOWN = post(QUERY);
  const KNOWN_STRICT = post(QUERY, ["catalog-consistency: strict"]);
  const UNKNOWN = post(OTHER, ["x-once: 1"]);
  beforeAll(async () => {
    for (const to of [kept, planned]) for (const request of [KNOWN, KNOWN_STRICT]) (await untilKnown(to, request)).close();
  });

  test.for(["kept", "planned"] as const)("answers come in the order of the requests, however these are cut (%s)", async (which) => {
    const { port } = { kept, planned }[which];
    const all = [KNOWN, KNOWN, UNKNOWN, KNOWN_STRICT, KNOWN, KNOWN_STRICT, UNKNOWN, KNOWN];
    const expected = ["plans", "plans", "products", "plans", "plans", "plans", "products", "plans"];
    const text = all.join("");
    const connection = await KeptConnection.open(port);
    const before = repeated({ kept, planned }[which]);
    for (const [place, request] of all.entries()) expect((await connection.ask(request)).text).toContain(`"${expected[place]}"`);
    connection.close();
    expect(repeated({ kept, planned }[which])).toBe(before + 5);
    const send = async (pieces: readonly string[], pauseMs: number) => asked(await exchange(port, pieces, pauseMs, all.length));
    expect(await send(all, 0)).toEqual(expected);
    expect(await send([text], 0)).toEqual(expected);
    for (const size of [50, 97, KNOWN.length, KNOWN.length + 1]) {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));
      expect(await send(pieces, 1), `cut each ${size}`).toEqual(expected);
    }
  });

  test("what comes while a known one waits is answered after it", async () => {
    const pieces = [KNOWN, KNOWN_STRICT, KNOWN, UNKNOWN, KNOWN_STRICT, UNKNOWN];
    for (let time = 1; time <= 20; time++)
      expect(asked(await exchange(planned.port, pieces, 0, 6))).toEqual(["plans", "plans", "plans", "products", "plans", "products"]);
  });

  test("as the body of another request they are a body", async () => {
    const hiding = rawRequest("POST /graphql HTTP/1.1", [...JSON_BODY, `content-length: ${KNOWN.length}`]);
    expect(asked(await exchange(kept.port, [KNOWN, hiding, KNOWN, KNOWN], 30, 3))).toEqual(["plans", 400]);
  });

  test("behind the beginning of another request they are its end", async () => {
    const begun = "POST /graphql HTTP/1.1\r\nhost: localhost\r\nx-hidden: ";
    // The line of the known one is the value of a header; the rest is a request with two hosts.
    expect(asked(await exchange(kept.port, [KNOWN, begun, KNOWN], 30, 3))).toEqual(["plans", 400]);
  });

  test("a client that reads nothing for a while gets every answer, in order", async () => {
    const socket = connect({ port: kept.port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    socket.pause();
    const count = 2_000;
    for (let at = 0; at < count; at++) {
      socket.write(at % 10 === 9 ? UNKNOWN : KNOWN);
      if (at % 50 === 0) await sleep(1);
    }
    await sleep(100);
    let received = "";
    await new Promise<void>((resolve, reject) => {
      let [answers, from] = [0, 0];
      socket.on("close", () => reject(new Error("closed before all had come")));
      socket.on("data", (chunk) => {
        received += chunk.toString("latin1");
        for (let end = received.indexOf("}}}\n", from); end !== -1; end = received.indexOf("}}}\n", from)) [answers, from] = [answers + 1, end + 4];
        if (answers === count) resolve();
      });
      socket.resume();
    });
    socket.destroy();
    expect(asked(answersIn([Buffer.from(received, "latin1")]))).toEqual(Array.from({ length: count }, (_, at) => (at % 10 === 9 ? "products" : "plans")));
  });

  test("who leaves while an answer is made harms nobody", async () => {
    const leaving: Socket[] = [];
    for (let at = 0; at < 50; at++) {
      const socket = connect({ port: planned.port, host: "127.0.0.1", noDelay: true });
      socket.on("error", () => undefined);
      await once(socket, "connect");
      socket.write(KNOWN_STRICT);
      await once(socket, "data");
      socket.write(KNOWN_STRICT, () => socket.resetAndDestroy());
      leaving.push(socket);
    }
    for (const socket of leaving) if (!socket.closed) await once(socket, "close");
    expect((await planned.post(QUERY)).status).toBe(200);
  });
});
