import { pick, useGraphiQL } from "@graphiql/react";
import { useEffect } from "react";

/** Names each of the four editors for screen readers (all are "Editor content" otherwise) and calms their look. */
export function useEditorOptions(): void {
  const { queryEditor, variableEditor, headerEditor, responseEditor } = useGraphiQL(pick("queryEditor", "variableEditor", "headerEditor", "responseEditor"));
  useEffect(() => {
    const editors = [
      [queryEditor, "Operation"],
      [variableEditor, "Variables, as JSON"],
      [headerEditor, "Request headers, as JSON"],
      [responseEditor, "Response"],
    ] as const;
    for (const [editor, ariaLabel] of editors) {
      editor?.updateOptions({
        ariaLabel,
        fontSize: 13.5,
        lineHeight: 20,
        wordWrap: "on",
        guides: { highlightActiveIndentation: false },
      });
      const oneColor = { enabled: false, independentColorPoolPerBracketType: false };
      editor?.getModel()?.updateOptions({ bracketColorizationOptions: oneColor });
    }
  }, [queryEditor, variableEditor, headerEditor, responseEditor]);
}
