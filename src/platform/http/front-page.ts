import type { FastifyInstance, RawServerDefault } from "fastify";

const PLACES = [
  { path: "/graphql", what: "the API: send GraphQL by POST" },
  { path: "/explorer/", what: "the explorer: read the schema, run examples" },
  { path: "/healthz", what: "whether the process runs" },
  { path: "/readyz", what: "whether it should be sent requests" },
];

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>catalog-gateway</title>
<h1>catalog-gateway</h1>
<p>What is sold, for how much, and what it gives: one typed GraphQL endpoint.</p>
<ul>
${PLACES.map(({ path, what }) => `<li><a href="${path.slice(1)}">${path}</a> ${what}</li>`).join("\n")}
</ul>
</html>
`;

/** `/` tells people where to go, in HTML, and programs in JSON. */
export function addFrontPage(server: FastifyInstance<RawServerDefault>): void {
  server.get("/", async (request, reply) => {
    reply.header("vary", "accept");
    if (!request.headers.accept?.includes("text/html")) return reply.send({ places: Object.fromEntries(PLACES.map(({ path, what }) => [path, what])) });
    return reply
      .header("content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
      .type("text/html; charset=utf-8")
      .send(PAGE);
  });
}
