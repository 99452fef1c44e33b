import { request } from "node:http";

/** One request over a connection of its own; the body of its answer. Throws if the status is not 200. */
export function askOnce(url: URL, key: string, { path, body, method = "POST" }: { path: string; body: string | Buffer; method?: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/json",
      accept: "application/json",
      authorization: `Bearer ${key}`,
      "content-length": Buffer.byteLength(body),
    };
    const sent = request(new URL(path, url), { method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${path} was answered with status ${response.statusCode ?? 0}: ${text.slice(0, 500)}`));
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
