import { findFirstExample } from "./examples";
import { examplesPlugin } from "./examples-panel";
import { findRememberedTab } from "./storage";

const WELCOME = `# Write a GraphQL operation here. Ctrl-Space completes, Ctrl-Enter runs it,
# and the documentation of the schema opens at the book on the left.

query {
  __typename
}
`;

interface Opening {
  readonly initialQuery: string;
  readonly initialVariables: string;
  readonly visiblePlugin?: string;
}

/**
 * What is on the screen first: the tab that was left, or, for whoever comes for the first time, an operation that runs
 * and the list of the others. GraphiQL by itself restores a tab without its variables.
 */
export function findOpening(): Opening {
  const tab = findRememberedTab();
  if (tab) return { initialQuery: tab.query ?? "", initialVariables: tab.variables ?? "" };
  const example = findFirstExample();
  if (!example) return { initialQuery: WELCOME, initialVariables: "" };
  return { initialQuery: example.query, initialVariables: example.variables, visiblePlugin: examplesPlugin.title };
}
