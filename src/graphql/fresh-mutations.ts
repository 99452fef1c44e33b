import type { ApolloServerPlugin } from "@apollo/server";
import type { RequestContext } from "./context.js";

/** What is decided for good, like a quote that is honoured, is decided on the head that the database has. */
export function freshMutations(): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, contextValue }) {
          if (operation?.operation === "mutation") contextValue.catalog.beFresh();
        },
      };
    },
  };
}
