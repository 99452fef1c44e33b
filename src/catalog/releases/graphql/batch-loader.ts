import { allOf, type MaybePromise } from "../../../kernel/maybe-promise.js";

/** Of one statement. */
const MAX_KEYS = 1_000;

type LoadBatch<Key, Value> = (keys: readonly Key[]) => MaybePromise<readonly Value[]>;

/** Keys that are loaded together: those that are asked for until everybody who can go on has gone on. */
class Gathering<Key, Value> {
  readonly keys: Key[] = [];
  readonly names: unknown[] = [];
  readonly values: Promise<readonly Value[]>;
  private isOpen = true;

  constructor(load: LoadBatch<Key, Value>) {
    this.values = whenAllHaveAsked().then(() => {
      this.isOpen = false;
      return load(this.keys);
    });
  }

  get takesMore(): boolean {
    return this.isOpen && this.keys.length < MAX_KEYS;
  }
}

/** A key whose value is on its way. */
interface Asked<Value> {
  readonly batch: Promise<unknown>;
  /** For whoever asks for this key alone. */
  value: Promise<Value> | null;
  /** The same for those to whom it must not be null. */
  present: Promise<NonNullable<Value>> | null;
}

/**
 * Loads many things in one statement, each once. What has come is answered at once from then on, so whatever depends on it goes on without
 * a promise for each key.
 */
export class BatchLoader<Key, Value> {
  private readonly known = new Map<unknown, Value>();
  private readonly asked = new Map<unknown, Asked<Value>>();
  private gathering: Gathering<Key, Value> | null = null;

  /** @param nameOf what makes two keys the same; null = nothing is remembered, and each is asked for anew. */
  constructor(
    private readonly loadBatch: LoadBatch<Key, Value>,
    private readonly nameOf: ((key: Key) => unknown) | null,
  ) {}

  load(key: Key): MaybePromise<Value> {
    if (this.nameOf === null) return this.loadAnew(key);
    const name = this.nameOf(key);
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const asked = this.ask(name, key);
    return (asked.value ??= asked.batch.then(() => this.known.get(name) as Value)); // A batch answers every key.
  }

  /** The same of what cannot be null: all who ask for a key are handed one promise, so it is waited for once. `present` throws if it is. */
  loadPresent(key: Key, present: (value: Value) => NonNullable<Value>): MaybePromise<NonNullable<Value>> {
    if (this.nameOf === null) return this.loadAnew(key).then(present);
    const name = this.nameOf(key);
    const known = this.known.get(name);
    if (known !== undefined) return present(known);
    const asked = this.ask(name, key);
    return (asked.present ??= asked.batch.then(() => present(this.known.get(name) as Value))); // The same.
  }

  /** All of them in their order, at once or by one promise. */
  loadAll(keys: readonly Key[]): MaybePromise<Value[]> {
    const { nameOf } = this;
    if (nameOf === null) return allOf(keys, (key) => this.loadAnew(key));
    const coming = new Set<Promise<unknown>>();
    for (const key of keys) {
      const name = nameOf(key);
      if (!this.known.has(name)) coming.add(this.ask(name, key).batch);
    }
    return coming.size === 0 ? this.knownOf(keys, nameOf) : Promise.all(coming).then(() => this.knownOf(keys, nameOf));
  }

  /** Remembers what came by other means, unless it is known already. */
  take(key: Key, value: Value): void {
    const name = this.nameOf?.(key);
    if (name !== undefined && !this.known.has(name)) this.known.set(name, value);
  }

  private loadAnew(key: Key): Promise<Value> {
    const gathering = this.gather();
    const place = gathering.keys.push(key) - 1;
    return gathering.values.then((values) => values[place] as Value); // The same.
  }

  private ask(name: unknown, key: Key): Asked<Value> {
    const known = this.asked.get(name);
    if (known) return known;
    const gathering = this.gather();
    gathering.keys.push(key);
    gathering.names.push(name);
    const asked = { batch: gathering.values, value: null, present: null };
    this.asked.set(name, asked);
    return asked;
  }

  private gather(): Gathering<Key, Value> {
    if (this.gathering?.takesMore) return this.gathering;
    const gathering = new Gathering<Key, Value>(this.loadBatch);
    // Comes before those who wait for it.
    gathering.values.then(
      (values) => this.settle(gathering, values),
      () => this.settle(gathering, []),
    );
    return (this.gathering = gathering);
  }

  /** @param values none if it failed: then it is asked for again by whoever asks again. */
  private settle({ names }: Gathering<Key, Value>, values: readonly Value[]): void {
    for (let place = 0; place < names.length; place++) {
      const name = names[place];
      this.asked.delete(name);
      if (place < values.length && !this.known.has(name)) this.known.set(name, values[place] as Value); // The same.
    }
  }

  private knownOf(keys: readonly Key[], nameOf: (key: Key) => unknown): Value[] {
    return keys.map((key) => this.known.get(nameOf(key)) as Value); // The same.
  }
}

const settled = Promise.resolve();

/** After all that waits for promises which are settled, and for those that these settle. */
function whenAllHaveAsked(): Promise<void> {
  return new Promise((resolve) => {
    void settled.then(() => process.nextTick(resolve));
  });
}
