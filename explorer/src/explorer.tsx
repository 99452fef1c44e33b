import { explorerPlugin } from "@graphiql/plugin-explorer";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import favicon from "../favicon.svg";
import { AnswerLine } from "./answer";
import { editorTheme, useEditorThemes, useSystemTheme } from "./editor-themes";
import { useEditorOptions } from "./editors";
import { examples } from "./examples";
import { examplesPlugin } from "./examples-panel";
import { fetcher } from "./fetcher";
import { headersOnLoad, useSharedHeaders } from "./headers";
import { findOpening } from "./opening";
import { useSearchName } from "./search-name";
import { rememberedState } from "./storage";

// An empty panel would only ask what it is for.
const plugins = [...(examples.length > 0 ? [examplesPlugin] : []), { ...explorerPlugin({ title: "Query builder" }), title: "Query builder" }, HISTORY_PLUGIN];

const headers = headersOnLoad();
const opening = findOpening();

export function Explorer() {
  useEditorThemes();
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={rememberedState}
      plugins={plugins}
      shouldPersistHeaders={false}
      initialHeaders={headers}
      defaultHeaders={headers}
      defaultQuery=""
      editorTheme={editorTheme}
      defaultEditorToolsVisibility="variables"
      inputValueDeprecation
      schemaDescription
      {...opening}
    >
      <GraphiQL.Logo>
        <h1 className="product">
          <img src={favicon} alt="" />
          Catalog API
        </h1>
      </GraphiQL.Logo>
      <GraphiQL.Footer>
        <AnswerLine />
      </GraphiQL.Footer>
      <Behaviour />
    </GraphiQL>
  );
}

/** Hooks that need GraphiQL's own context around them, and draw nothing. */
function Behaviour() {
  useEditorOptions();
  useSearchName();
  useSharedHeaders();
  useSystemTheme();
  return null;
}
