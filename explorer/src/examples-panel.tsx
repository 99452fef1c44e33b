import { type GraphiQLPlugin, useGraphiQL } from "@graphiql/react";
import { type Example, examples, type OperationKind } from "./examples";
import { useOpenExample } from "./open-example";

const KINDS: readonly (readonly [OperationKind, string])[] = [
  ["query", "Queries"],
  ["mutation", "Mutations"],
  ["subscription", "Subscriptions"],
];

export const examplesPlugin: GraphiQLPlugin = { title: "Examples", icon: ExamplesIcon, content: ExamplesPanel };

function ExamplesPanel() {
  return (
    <section className="examples" aria-labelledby="examples-title">
      <h2 id="examples-title">Examples</h2>
      <p className="examples-intro">Each opens in a tab of its own, with variables, ready to run.</p>
      {KINDS.map(([kind, heading]) => {
        const ofKind = examples.filter((example) => example.kind === kind);
        return ofKind.length === 0 ? null : (
          <section key={kind} aria-label={heading}>
            <h3>{heading}</h3>
            <ul>
              {ofKind.map((example) => (
                <li key={example.name}>
                  <ExampleButton example={example} />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </section>
  );
}

function ExampleButton({ example }: { example: Example }) {
  const openExample = useOpenExample();
  const isOpen = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.query === example.query);
  return (
    <button type="button" className="example" aria-current={isOpen} disabled={openExample === null} onClick={() => openExample?.(example)}>
      <span className="example-title">{example.title}</span>
      {example.description && <span className="example-description">{example.description}</span>}
      <code className="example-name">{example.name}</code>
    </button>
  );
}

function ExamplesIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" aria-hidden="true">
      <rect x="3.75" y="3.75" width="16.5" height="16.5" rx="3" />
      <path d="M10 8.5v7l5.5-3.5z" strokeLinejoin="round" />
    </svg>
  );
}
