import { allOf, andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { KeysInReach } from "../reach.js";
import type { CatalogPoint, CatalogSight } from "../release.js";
import type { ReleasedRepository } from "../released.repository.js";
import { BatchLoader } from "./batch-loader.js";

/** How a concept loads many things at one view in one statement; the answers are in the order of the keys. */
export interface Batch<Key, Value> {
  readonly load: (keys: readonly Key[], view: CatalogView) => MaybePromise<readonly Value[]>;
  /** What it is read from. Where that is in memory, keys are not gathered: each is answered at once. */
  readonly from?: ReleasedRepository;
  /** Needed where keys are objects: what makes two of them the same. */
  readonly cacheKey?: (key: Key) => string;
  /** For what changes during a request: asked for anew each time, though still together. */
  readonly live?: boolean;
}

/** One that finds entities by key; an unknown key is null. */
export interface EntityBatch<Entity> extends Batch<string, AtView<Entity> | null> {
  readonly typename: string;
}

/**
 * The catalog as a caller sees it at one point. Everything loaded through it agrees. A request's own view loads each thing once: it owns
 * the request's loaders for its point. One that requests share remembers only what was in memory; what is not is loaded for each anew.
 */
export class CatalogView implements CatalogSight {
  private readonly loaders = new Map<object, unknown>();
  private readonly atHand = new Map<object | string, Map<unknown, unknown>>();
  private count = 0;

  constructor(
    readonly point: CatalogPoint,
    readonly seesUpcoming: boolean,
    readonly reach: KeysInReach,
    /** How ids say the point; null for the default one. */
    readonly idPoint: string | null,
    readonly isShared = false,
  ) {}

  /** How many things are remembered. */
  get remembered(): number {
    return this.count;
  }

  /** What `make` makes of what is at hand, made once for each name. */
  derive<Value>(by: object | string, name: unknown, make: () => MaybePromise<Value>): MaybePromise<Value> {
    const value = this.atHand.get(by)?.get(name) as Value | undefined; // Stored under its own maker, so the types are this maker's.
    if (value !== undefined) return value;
    const made = make();
    if (made instanceof Promise) return made;
    const known = this.atHand.get(by);
    if (known) known.set(name, made);
    else this.atHand.set(by, new Map([[name, made]]));
    this.count++;
    return made;
  }

  /** The same, of what is a value in any case. */
  remember<Value>(by: object | string, name: unknown, make: () => Value): Value {
    return this.derive<Value>(by, name, make) as Value;
  }

  load<Key, Value>(batch: Batch<Key, Value>, key: Key): MaybePromise<Value> {
    return this.isAtHand(batch) ? this.loadOne(batch, key) : this.loader(batch).load(key);
  }

  /** The same of an entity that must be there: a relation that the database holds (a temporal foreign key). */
  loadPresent<Entity>(batch: EntityBatch<Entity>, key: string): MaybePromise<AtView<Entity>> {
    return this.isAtHand(batch) ? required(this.loadOne(batch, key)) : this.loader(batch).loadPresent(key, present);
  }

  /** The same of many, in their order. */
  loadAll<Key, Value>(batch: Batch<Key, Value>, keys: readonly Key[]): MaybePromise<Value[]> {
    return this.isAtHand(batch) ? allOf(keys, (key) => this.loadOne(batch, key)) : this.loader(batch).loadAll(keys);
  }

  /** What was read along with something else need not be loaded by key any more. */
  take<Entity extends { readonly key: string }>(batch: EntityBatch<Entity>, entities: readonly Entity[]): void {
    if (this.isAtHand(batch)) return;
    const loader = this.loader(batch);
    for (const entity of entities) loader.take(entity.key, ownAtView(batch.typename, entity, this));
  }

  private isAtHand<Key, Value>({ from }: Batch<Key, Value>): boolean {
    return from?.isAtHand?.(this.point.release) === true;
  }

  private loadOne<Key, Value>(batch: Batch<Key, Value>, key: Key): MaybePromise<Value> {
    // A batch answers every key.
    return this.derive(batch, batch.cacheKey ? batch.cacheKey(key) : key, () => andThen(batch.load([key], this), (values) => values[0] as Value));
  }

  private loader<Key, Value>(batch: Batch<Key, Value>): BatchLoader<Key, Value> {
    let loader = this.loaders.get(batch) as BatchLoader<Key, Value> | undefined; // Stored under its own batch, so the types are this batch's.
    if (!loader) {
      const isRemembered = batch.live !== true && !this.isShared;
      loader = new BatchLoader<Key, Value>((keys) => batch.load(keys, this), isRemembered ? (batch.cacheKey ?? itself) : null);
      this.loaders.set(batch, loader);
    }
    return loader;
  }
}

function itself<Key>(key: Key): Key {
  return key;
}

/** An entity on its way through GraphQL: it carries the view it was read at, so that all that hangs on it is read there too. */
export type AtView<Entity> = Entity & { readonly __typename: string; readonly view: CatalogView };

export function atView<Entity extends object>(typename: string, entity: Entity, view: CatalogView): AtView<Entity> {
  return { ...entity, __typename: typename, view };
}

/** The same of what was read for this view and is nobody else's: it becomes the node itself, since a copy of a row costs as much as reading it. */
export function ownAtView<Entity extends object>(typename: string, entity: Entity, view: CatalogView): AtView<Entity> {
  // What is in memory is frozen: it is handed to every request.
  return Object.isFrozen(entity) ? atView(typename, entity, view) : Object.assign(entity, { __typename: typename, view });
}

export function batchByKey<Entity extends { readonly key: string }>(
  typename: string,
  from: ReleasedRepository,
  findAll: (keys: readonly string[], view: CatalogView) => MaybePromise<readonly Entity[]>,
): EntityBatch<Entity> {
  return {
    typename,
    from,
    load: (keys, view) =>
      andThen(findAll(keys, view), (entities) => {
        const nodes = entities.map((entity) => ownAtView(typename, entity, view));
        if (keys.length === 1) return [nodes[0] ?? null];
        const found = new Map(nodes.map((node) => [node.key, node]));
        return keys.map((key) => found.get(key) ?? null);
      }),
  };
}

/** A batch that finds what belongs to an owner, in the order in which storage answers. */
export function batchByOwner<Item>(
  from: ReleasedRepository,
  listAll: (owners: readonly string[], view: CatalogView) => MaybePromise<readonly Item[]>,
  ownerOf: (item: Item) => string,
): Batch<string, readonly Item[]> {
  return {
    from,
    load: (owners, view) =>
      andThen(listAll(owners, view), (items) => {
        if (owners.length === 1) return [items];
        const byOwner = new Map<string, Item[]>(owners.map((owner) => [owner, []]));
        for (const item of items) byOwner.get(ownerOf(item))?.push(item);
        return owners.map((owner) => byOwner.get(owner) ?? []);
      }),
  };
}

/** For relations that the database holds (a temporal foreign key): the other end must be there. */
export function required<Entity>(found: MaybePromise<Entity | null>): MaybePromise<Entity> {
  return andThen(found, present);
}

/** The same of many. */
export function allRequired<Entity>(found: MaybePromise<readonly (Entity | null)[]>): MaybePromise<readonly Entity[]> {
  return andThen(found, (entities) => entities.map(present));
}

function present<Entity>(entity: Entity | null): Entity {
  if (entity === null) throw new Error("a released row refers to a row that its release does not have");
  return entity;
}
