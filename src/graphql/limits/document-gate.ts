import type { ApolloServerPlugin } from "@apollo/server";
import { parse, type DocumentNode, type GraphQLError } from "graphql";
import type { RequestContext } from "../context.js";
import { checkDocument } from "./document-limits.js";

const refusals = new WeakMap<DocumentNode, GraphQLError>();

/**
 * Keeps documents that are beyond the limits from validation. Apollo offers no step before it at which to say no, so such a
 * document is replaced by an empty one that stands for the refusal: whoever is about to run a document asks `refusalOf` it.
 * The stand-in is kept among the parsed documents like any other, so that the same text again costs nothing.
 */
export function documentGate(): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async parsingDidStart(request) {
          return async () => {
            const refusal = request.document && checkDocument(request.document);
            if (!refusal) return;
            const standIn = parse("{ __typename }", { noLocation: true });
            refusals.set(standIn, refusal);
            Object.assign(request, { document: standIn });
          };
        },
      };
    },
  };
}

/** Why this document must not run; undefined = it may. */
export function refusalOf(document: DocumentNode): GraphQLError | undefined {
  return refusals.get(document);
}
