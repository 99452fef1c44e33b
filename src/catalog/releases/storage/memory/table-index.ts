import { gather } from "./gather.js";
import type { IndexedBy } from "./table-definition.js";
import type { TableOrder } from "./table-order.js";
import { VersionGroup } from "./version-group.js";
import type { Version } from "./version.js";

/** The versions of a table by a value of their entities. */
export class TableIndex<Entity> {
  readonly groups = new Map<string, VersionGroup<Entity>>();

  /** @param order of what has one value, in what a release has. */
  constructor(
    readonly valueOf: IndexedBy<Entity>,
    readonly order: TableOrder<Entity>,
  ) {}

  groupWith(entity: Entity): VersionGroup<Entity> | null {
    const value = this.valueOf(entity);
    return value === null ? null : this.groupOf(value);
  }

  fill(versions: readonly Version<Entity>[]): void {
    for (const [value, some] of gather(versions, ({ entity }) => this.valueOf(entity))) this.groupOf(value).versions.fill(some);
  }

  /** Of versions that no release has any more that is asked about, so that no answer changes. */
  *drop(gone: readonly Version<Entity>[], isKept: (version: Version<Entity>) => boolean): Generator<void> {
    for (const [value, some] of gather(gone, ({ entity }) => this.valueOf(entity))) {
      const { versions } = this.groupOf(value);
      yield* versions.drop(some.length, isKept);
      if (versions.size === 0) this.groups.delete(value);
      yield;
    }
  }

  private groupOf(value: string): VersionGroup<Entity> {
    let group = this.groups.get(value);
    if (!group) this.groups.set(value, (group = new VersionGroup(this.order.compare)));
    return group;
  }
}
