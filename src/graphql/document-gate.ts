import type { ApolloServerPlugin } from "@apollo/server";
import { parse, type DocumentNode, type GraphQLError } from "graphql";
import type { RequestContext } from "./context.js";
import { checkDocument } from "./document-limits.js";

/**
 * Refuses documents that are beyond the limits before validation walks them. Apollo offers no step between the two at which to
 * say no, so such a document is replaced by an empty one that stands for the refusal, and is refused when it is about to run.
 * It is kept among the parsed documents like others: the same text again costs nothing.
 */
export function documentGate(): ApolloServerPlugin<RequestContext> {
  const refusals = new WeakMap<DocumentNode, GraphQLError>();
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
        async didResolveOperation({ document }) {
          const refusal = refusals.get(document);
          if (refusal) throw refusal;
        },
      };
    },
  };
}
