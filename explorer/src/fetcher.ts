import type { Fetcher } from "@graphiql/toolkit";
import { type ExecutionResult, GraphQLError } from "graphql";
import { showAnswer } from "./answer";

/** `/graphql` of the server that serves this page, also when a proxy mounts both below another path. */
const ENDPOINT = new URL("../graphql", document.baseURI);

export const fetcher: Fetcher = async ({ query, operationName, variables }, options) => {
  const started = performance.now();
  try {
    const response = await fetch(ENDPOINT, {
      method: "POST",
      headers: {
        accept: "application/graphql-response+json, application/json;q=0.9",
        "content-type": "application/json",
        ...usableHeaders(options?.headers ?? {}),
      },
      body: JSON.stringify({ query, operationName, variables: variables as unknown }),
    });
    const text = await response.text();
    if (operationName !== "IntrospectionQuery") {
      showAnswer({
        status: response.status,
        durationMs: performance.now() - started,
        sizeBytes: new TextEncoder().encode(text).length,
      });
    }
    return parseAnswer(text) ?? refusal(`The server answered ${response.status}: ${text.slice(0, 500) || "(nothing)"}`);
  } catch {
    showAnswer(null);
    return refusal("The server could not be reached. Is it running?");
  }
};

/** The preset `Bearer ` without a key means "no key yet": sent as it is, the server would rightly refuse it. */
function usableHeaders(headers: Record<string, unknown>): Record<string, string> {
  const usable = Object.entries(headers).filter(([name, value]) => !(name.toLowerCase() === "authorization" && /^(Bearer\s*)?$/i.test(String(value).trim())));
  return Object.fromEntries(usable.map(([name, value]) => [name, String(value)]));
}

/** Null when the answer is no GraphQL answer: a proxy's error page, or the text of a server that sheds load. */
function parseAnswer(text: string): ExecutionResult | null {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === "object" && answer !== null ? answer : null;
  } catch {
    return null;
  }
}

function refusal(message: string): ExecutionResult {
  return { errors: [new GraphQLError(message)] };
}
