import { useEffect } from "react";

/** Names the search field of the documentation, which comes without a label, each time the panel draws it anew. */
export function useSearchName(): void {
  useEffect(() => {
    const panel = document.querySelector(".graphiql-plugin");
    if (!panel) return;
    const name = () => panel.querySelector('.graphiql-doc-explorer-search [role="combobox"]')?.setAttribute("aria-label", "Search the schema");
    name();
    const observer = new MutationObserver(name);
    observer.observe(panel, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
}
