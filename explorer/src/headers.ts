import { useGraphiQL } from "@graphiql/react";
import { useEffect } from "react";
import { findKeptHeaders, keepHeaders } from "./storage";

const PRESET = `{
  // Your API key goes after "Bearer ".
  // It is forgotten with this browser tab.
  "Authorization": "Bearer "
}`;

export function headersOnLoad(): string {
  return findKeptHeaders() ?? PRESET;
}

/**
 * One set of headers for all operations. GraphiQL has one for each of its tabs and empties the editor when a history
 * entry is opened; a caller who typed the key once would lose it, or go on with an old one, by changing tabs.
 */
export function useSharedHeaders(): void {
  const editor = useGraphiQL((state) => state.headerEditor);
  useEffect(() => {
    const model = editor?.getModel();
    if (!model) return;
    let shared = model.getValue();
    const subscription = model.onDidChangeContent((change) => {
      const text = model.getValue();
      // A flush replaces the whole text by program: a change of tabs, which is undone, or a prettified text, which stays.
      const isOurs = !change.isFlush || withoutSpace(text) === withoutSpace(shared);
      if (isOurs) keepHeaders((shared = text));
      else queueMicrotask(() => model.isDisposed() || model.setValue(shared));
    });
    return () => subscription.dispose();
  }, [editor]);
}

function withoutSpace(text: string): string {
  return text.replace(/\s/g, "");
}
