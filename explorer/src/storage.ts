import type { Storage as GraphiQLStorage } from "@graphiql/toolkit";

const PREFIX = "catalog-explorer:";
const HEADERS = `${PREFIX}headers`;
const ITEMS_WITH_HEADERS = ["graphiql:tabState", "graphiql:queries", "graphiql:favorites"];

const local = openStorage(() => window.localStorage);
const session = openStorage(() => window.sessionStorage);

/**
 * What GraphiQL remembers between visits: tabs, history, theme and layout, under a prefix of our own, because
 * localhost is shared by every project that a developer runs.
 *
 * Request headers hold API keys and must not outlive the tab, so they are taken out of everything that is written
 * here. `shouldPersistHeaders={false}` is not enough: the history keeps the headers of each request regardless.
 */
export const rememberedState: GraphiQLStorage = {
  getItem: (key) => local.getItem(PREFIX + key),
  setItem(key, value) {
    if (key === "graphiql:headers") return;
    local.setItem(PREFIX + key, ITEMS_WITH_HEADERS.includes(key) ? withoutHeaders(value) : value);
  },
  removeItem: (key) => local.removeItem(PREFIX + key),
  clear() {
    for (const key of ownKeys()) local.removeItem(key);
    session.removeItem(HEADERS);
  },
  get length() {
    return ownKeys().length;
  },
};

interface RememberedTab {
  readonly query: string | null;
  readonly variables: string | null;
}

/** The tab that was open when the explorer was left; null on a first visit, and when what was kept cannot be read. */
export function findRememberedTab(): RememberedTab | null {
  try {
    const state = JSON.parse(rememberedState.getItem("graphiql:tabState") ?? "{}") as {
      tabs?: RememberedTab[];
      activeTabIndex?: number;
    };
    return state.tabs?.[state.activeTabIndex ?? 0] ?? null;
  } catch {
    return null;
  }
}

/** The headers last typed in this browser tab; closing the tab forgets them. */
export function findKeptHeaders(): string | null {
  return session.getItem(HEADERS);
}

export function keepHeaders(headers: string): void {
  session.setItem(HEADERS, headers);
}

function withoutHeaders(json: string): string {
  return JSON.stringify(JSON.parse(json), (key, value: unknown) => (key === "headers" ? null : value));
}

function ownKeys(): string[] {
  const keys = Array.from({ length: local.length }, (_, index) => local.key(index) ?? "");
  return keys.filter((key) => key.startsWith(PREFIX));
}

/** A browser that blocks site data throws on the mere access; then the explorer works and forgets on reload. */
function openStorage(open: () => Storage): Storage {
  try {
    return open();
  } catch {
    const items = new Map<string, string>();
    return {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
      removeItem: (key) => void items.delete(key),
      clear: () => items.clear(),
      key: (index) => [...items.keys()][index] ?? null,
      get length() {
        return items.size;
      },
    };
  }
}
