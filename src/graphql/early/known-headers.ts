import { LRUCache } from "lru-cache";
import { sharedHeaders } from "../finished/cache-headers.js";
import type { EarlyRequest } from "./early-request.js";

/** One for each form of answer that is asked for, and each page that may read it. */
const MAX_KNOWN = 1_000;

/** With which headers good answers are sent to requests of one kind: as the server proper sent them, which alone knows why. */
export class KnownHeaders {
  private readonly known = new LRUCache<string, readonly string[]>({ max: MAX_KNOWN });

  /** Name, value, name, value, … of a good answer but for what is another each time; undefined = none was seen yet. */
  of(request: EarlyRequest): readonly string[] | undefined {
    return this.known.get(kindOf(request));
  }

  learn(request: EarlyRequest, headers: Readonly<Record<string, unknown>>): void {
    const { "catalog-release": _release, ...others } = headers;
    this.known.set(kindOf(request), sharedHeaders(others, false));
  }
}

/** No header holds a line feed. */
function kindOf({ exchange, page }: EarlyRequest): string {
  return `${exchange.raw.headers.accept ?? ""}\n${page}`;
}
