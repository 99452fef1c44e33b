import { useGraphiQL, useGraphiQLActions, useMonaco } from "@graphiql/react";
import { useEffect, useLayoutEffect } from "react";

/** The names under which GraphiQL asks the code editor for its colours. */
export const editorTheme = { light: "catalog-light", dark: "catalog-dark" };

interface Palette {
  readonly accent: string;
  readonly surface: string;
  readonly text: string;
  readonly faint: string;
  readonly comment: string;
  readonly type: string;
  readonly variable: string;
  readonly literal: string;
  readonly number: string;
}

const LIGHT: Palette = {
  accent: "#0f766e",
  surface: "#ffffff",
  text: "#1f2937",
  faint: "#b6c0cd",
  comment: "#64748b",
  type: "#6d28d9",
  variable: "#b45309",
  literal: "#0b5cad",
  number: "#b4340d",
};

const DARK: Palette = {
  accent: "#2dd4bf",
  surface: "#161d2b",
  text: "#dbe4f0",
  faint: "#465369",
  comment: "#8393aa",
  type: "#c4b5fd",
  variable: "#fbbf24",
  literal: "#93c5fd",
  number: "#fdba74",
};

/** Teaches the editor our themes. It runs before the editors are made, which happens in the effects after this one. */
export function useEditorThemes(): void {
  const monaco = useMonaco((state) => state.monaco);
  useLayoutEffect(() => {
    monaco?.editor.defineTheme(editorTheme.light, { base: "vs", inherit: true, ...toTheme(LIGHT) });
    monaco?.editor.defineTheme(editorTheme.dark, { base: "vs-dark", inherit: true, ...toTheme(DARK) });
  }, [monaco]);
}

/** Follows the system when it turns dark or light while the page is open; GraphiQL looks only once. */
export function useSystemTheme(): void {
  const { setTheme } = useGraphiQLActions();
  const isSystem = useGraphiQL((state) => state.theme === null);
  useEffect(() => {
    if (!isSystem) return;
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const follow = () => setTheme(null);
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, [isSystem, setTheme]);
}

function toTheme(palette: Palette) {
  const accent = palette.accent;
  const accentShade = `${accent}1f`;
  const invisible = "#00000000";
  return {
    rules: [
      { token: "comment", foreground: palette.comment, fontStyle: "italic" },
      { token: "keyword", foreground: accent },
      { token: "type.identifier.gql", foreground: palette.type },
      { token: "key.identifier.gql", foreground: palette.text },
      { token: "argument.identifier.gql", foreground: palette.variable },
      { token: "annotation.gql", foreground: palette.type },
      { token: "string", foreground: palette.literal },
      { token: "number", foreground: palette.number },
      { token: "string.key.json", foreground: accent },
      { token: "string.value.json", foreground: palette.literal },
      { token: "keyword.json", foreground: palette.type },
      { token: "delimiter", foreground: palette.comment },
    ],
    colors: {
      "editor.background": invisible,
      "editor.foreground": palette.text,
      "editorLineNumber.foreground": palette.faint,
      "editorLineNumber.activeForeground": palette.comment,
      "editorIndentGuide.background1": `${palette.faint}55`,
      "editorBracketMatch.background": accentShade,
      "editorBracketMatch.border": invisible,
      "scrollbar.shadow": invisible,
      focusBorder: accent,
      highlight: accent,
      "textLink.foreground": accent,
      "textLink.activeForeground": accent,
      "editorLink.activeForeground": accent,
      "editorHoverWidget.background": palette.surface,
      "editorWidget.background": palette.surface,
      "editorWidget.resizeBorder": accent,
      "editorSuggestWidget.background": palette.surface,
      "editorSuggestWidget.selectedBackground": accentShade,
      "editorSuggestWidget.selectedForeground": accent,
      "menu.background": palette.surface,
      "menu.selectionBackground": accentShade,
      "menu.selectionForeground": accent,
      "input.background": `${palette.faint}22`,
      "list.hoverBackground": accentShade,
      "list.highlightForeground": accent,
      "list.focusHighlightForeground": accent,
      "quickInput.background": palette.surface,
      "quickInputList.focusBackground": accentShade,
      "quickInputList.focusForeground": palette.text,
      "toolbar.hoverBackground": accentShade,
      "inputOption.hoverBackground": accentShade,
    },
  };
}
