import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { Kind, parse } from "graphql";
import type { Example } from "./examples";

/**
 * Opens an example: in the tab that shows it already, else in the tab at hand if that is empty, else in a new one.
 * Null while the code editor is still being loaded.
 */
export function useOpenExample(): ((example: Example) => void) | null {
  const { addTab, changeTab, setOperationFacts, updateActiveTabValues } = useGraphiQLActions();
  const { tabs, queryEditor, variableEditor } = useGraphiQL(pick("tabs", "queryEditor", "variableEditor"));

  if (!queryEditor || !variableEditor) return null;
  return (example) => {
    const open = tabs.findIndex((tab) => tab.query === example.query);
    if (open >= 0) return changeTab(open);

    if (queryEditor.getValue().trim()) addTab();
    queryEditor.setValue(example.query);
    variableEditor.setValue(example.variables);
    // The editor would tell the others after a pause for typing; until then "run" would name the former operation.
    const documentAST = parse(example.query);
    const operations = documentAST.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    setOperationFacts({ documentAST, operations, operationName: example.name });
    updateActiveTabValues({ query: example.query, variables: example.variables, operationName: example.name });
  };
}
