import { createServer } from "node:http";

/** The limit of any server on Node: `PUT /name` keeps a body, `POST /name` answers it. */
export async function start() {
  const kept = new Map();
  const server = createServer((request, response) => {
    if (request.method === "PUT") {
      const parts = [];
      request
        .on("data", (part) => parts.push(part))
        .on("end", () => {
          kept.set(request.url, Buffer.concat(parts));
          response.end();
        });
      return;
    }
    request.resume();
    request.on("end", () => {
      const body = kept.get(request.url);
      response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/` };
}
