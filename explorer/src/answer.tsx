import { useGraphiQL } from "@graphiql/react";
import { useEffect, useSyncExternalStore } from "react";

interface Answer {
  readonly status: number;
  readonly durationMs: number;
  readonly sizeBytes: number;
}

let answer: Answer | null = null;
const listeners = new Set<() => void>();

export function showAnswer(next: Answer | null): void {
  answer = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** One line below the response: how the server answered, how long it took as seen from here, and how much came. */
export function AnswerLine() {
  const shown = useSyncExternalStore(subscribe, () => answer);
  const activeTab = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.id);
  // The line belongs to the answer of the tab that is open; another tab shows another answer.
  useEffect(() => showAnswer(null), [activeTab]);
  if (!shown) return <p className="answer-line">Run the operation with the play button or Ctrl-Enter.</p>;
  return (
    <p className="answer-line" role="status">
      <span className={shown.status < 400 ? "answer-ok" : "answer-refused"}>HTTP {shown.status}</span>
      <span>{shown.durationMs < 10 ? shown.durationMs.toFixed(1) : Math.round(shown.durationMs)} ms</span>
      <span>{formatSize(shown.sizeBytes)}</span>
    </p>
  );
}

function formatSize(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}
