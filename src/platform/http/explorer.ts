import { existsSync } from "node:fs";
import path from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyPluginAsync } from "fastify";

export interface ExplorerOptions {
  /** Where the built explorer is. It may be absent, and may appear while the server runs. */
  readonly folder: string;
}

/** How to get a build; told to whoever asks for the explorer before there is one. */
const BUILD_COMMAND = "npm run explorer:build";

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // The code editor places each line by a `style` attribute and writes its colours into a <style> element.
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

/** The names of the files below `assets/` are made from their content, so what was fetched once never changes. */
const FOREVER = "public, max-age=31536000, immutable";

/** Serves the explorer at `/explorer/`: files only, nothing of it is made per request. */
export function explorer({ folder }: ExplorerOptions): FastifyPluginAsync {
  const root = path.resolve(folder);
  const assets = path.join(root, "assets") + path.sep;

  return async (app) => {
    app.addHook("onRequest", async (_request, reply) => {
      reply.headers(HEADERS);
    });

    // Relative, so that it also holds behind a proxy that mounts the gateway below a path of its own.
    app.get("/explorer", async (_request, reply) => reply.redirect("explorer/"));

    await app.register(
      async (files) => {
        files.setNotFoundHandler(async (_request, reply) => {
          reply.type("text/plain; charset=utf-8");
          if (existsSync(path.join(root, "index.html"))) return reply.code(404).send("There is no such file here.\n");
          return reply.code(503).send(`The explorer is not built yet. Build it with: ${BUILD_COMMAND}\n`);
        });
        await files.register(fastifyStatic, {
          root,
          dotfiles: "ignore",
          preCompressed: true,
          cacheControl: false,
          // The folder may come later; until then the handler above says so.
          suppressWarning: true,
          setHeaders: (reply, file) => {
            if (file.startsWith(assets)) reply.header("cache-control", FOREVER);
          },
        });
      },
      { prefix: "/explorer/" },
    );
  };
}
