import { allOf, type MaybePromise } from "../../../kernel/maybe-promise.js";

/** Of one statement. */
const MAX_KEYS = 1_000;

type LoadBatch<Key, Value> = (keys: readonly Key[]) => MaybePromise<readonly Value[]>;

/** A key that somebody asked for. */
class Asked<Value> {
  /** Set as soon as it is there; null is a value too. */
  value: Value | undefined;
  /** For whoever asks for this key alone. */
  promise: Promise<Value> | null = null;
  /** The same for those to whom it must not be null. */
  present: Promise<NonNullable<Value>> | null = null;

  /** @param coming settles when the value is there. */
  constructor(readonly coming: Promise<unknown>) {}
}

/** Keys that are loaded together: those that are asked for until everybody who can go on has gone on. */
class Gathering<Key, Value> {
  readonly keys: Key[] = [];
  /** At the places of their keys; none where nothing is remembered. */
  readonly asked: Asked<Value>[] = [];
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

const AT_HAND = Promise.resolve();

/**
 * Loads many things in one statement, each once. What has come is answered at once from then on, so whatever depends on it goes on without
 * a promise for each key.
 */
export class BatchLoader<Key, Value> {
  private readonly asked = new Map<unknown, Asked<Value>>();
  private gathering: Gathering<Key, Value> | null = null;

  /** @param nameOf what makes two keys the same; null = nothing is remembered, and each is asked for anew. */
  constructor(
    private readonly loadBatch: LoadBatch<Key, Value>,
    private readonly nameOf: ((key: Key) => unknown) | null,
  ) {}

  load(key: Key): MaybePromise<Value> {
    if (this.nameOf === null) return this.loadAnew(key);
    const asked = this.ask(this.nameOf(key), key);
    if (asked.value !== undefined) return asked.value;
    return (asked.promise ??= asked.coming.then(() => asked.value as Value)); // A batch answers every key.
  }

  /** The same of what cannot be null: all who ask for a key are handed one promise, so it is waited for once. `present` throws if it is. */
  loadPresent(key: Key, present: (value: Value) => NonNullable<Value>): MaybePromise<NonNullable<Value>> {
    if (this.nameOf === null) return this.loadAnew(key).then(present);
    const asked = this.ask(this.nameOf(key), key);
    if (asked.value !== undefined) return present(asked.value);
    return (asked.present ??= asked.coming.then(() => present(asked.value as Value))); // The same.
  }

  /** All of them in their order, at once or by one promise. */
  loadAll(keys: readonly Key[]): MaybePromise<Value[]> {
    const { nameOf } = this;
    if (nameOf === null) return allOf(keys, (key) => this.loadAnew(key));
    const all: Asked<Value>[] = [];
    const coming = new Set<Promise<unknown>>();
    for (const key of keys) {
      const asked = this.ask(nameOf(key), key);
      all.push(asked);
      if (asked.value === undefined) coming.add(asked.coming);
    }
    return coming.size === 0 ? all.map(valueOf) : Promise.all(coming).then(() => all.map(valueOf));
  }

  /** Remembers what came by other means, unless it is known already. */
  take(key: Key, value: Value): void {
    if (this.nameOf === null) return;
    const name = this.nameOf(key);
    let asked = this.asked.get(name);
    if (!asked) this.asked.set(name, (asked = new Asked<Value>(AT_HAND)));
    if (asked.value === undefined) asked.value = value;
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
    const asked = new Asked<Value>(gathering.values);
    gathering.asked.push(asked);
    this.asked.set(name, asked);
    return asked;
  }

  private gather(): Gathering<Key, Value> {
    if (this.gathering?.takesMore) return this.gathering;
    const gathering = new Gathering<Key, Value>(this.loadBatch);
    // Comes before those who wait for it.
    gathering.values.then(
      (values) => this.settle(gathering, values),
      () => this.forget(gathering),
    );
    return (this.gathering = gathering);
  }

  private settle({ asked }: Gathering<Key, Value>, values: readonly Value[]): void {
    for (let place = 0; place < asked.length; place++) {
      const one = asked[place];
      if (one && one.value === undefined) one.value = values[place];
    }
  }

  /** What failed is asked for again by whoever asks again. */
  private forget({ asked }: Gathering<Key, Value>): void {
    const failed = new Set(asked);
    for (const [name, one] of this.asked) if (one.value === undefined && failed.has(one)) this.asked.delete(name);
  }
}

function valueOf<Value>({ value }: Asked<Value>): Value {
  return value as Value; // It is there.
}

const settled = Promise.resolve();

/** After all that waits for promises which are settled, and for those that these settle. */
function whenAllHaveAsked(): Promise<void> {
  return new Promise((resolve) => {
    void settled.then(() => process.nextTick(resolve));
  });
}
