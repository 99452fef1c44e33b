import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buildSchema, graphql } from "graphql";
import { projectFolder } from "./sdk-project.js";

const schema = buildSchema(readFileSync(join(projectFolder, "schema.graphql"), "utf8"));

export interface TestServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A server on a port of its own that answers every request by `answer`. */
export async function startServer(answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>): Promise<TestServer> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers by the schema, so that an answer can only be what the schema allows; `catalog` has the values of its root fields. */
export function answerBySchema(catalog: object): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const { query, variables } = JSON.parse(await readBody(request)) as { query: string; variables: Record<string, unknown> };
    const result = await graphql({ schema, source: query, variableValues: variables, rootValue: catalog });
    answerJson(response, 200, result);
  };
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "x-request-id": "request-1" }).end(JSON.stringify(body));
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
