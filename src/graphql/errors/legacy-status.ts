import type { ApolloServerPlugin } from "@apollo/server";

/**
 * Who accepts application/json and not application/graphql-response+json is a client from before GraphQL over HTTP was
 * written down. To it a status of 400 may come from anything on the way, so a GraphQL answer is 200, errors or not.
 */
export function legacyStatus(): ApolloServerPlugin {
  return {
    async requestDidStart({ request }) {
      if (!isLegacy(request.http?.headers.get("accept"))) return;
      return {
        async willSendResponse({ response: { http, body } }) {
          if (http.status !== 400 || body.kind !== "single") return;
          // What is no GraphQL request at all has no GraphQL answer either.
          if (body.singleResult.errors?.every(({ extensions }) => extensions?.["code"] !== "BAD_REQUEST")) http.status = 200;
        },
      };
    },
  };
}

function isLegacy(accept: string | undefined): boolean {
  return accept !== undefined && /\bapplication\/json\b/i.test(accept) && !/\bapplication\/graphql-response\+json\b/i.test(accept);
}
