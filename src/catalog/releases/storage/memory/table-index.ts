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

  /** Of a version that no release has any more that is asked about, so that no answer changes. */
  remove(version: Version<Entity>): void {
    const value = this.valueOf(version.entity);
    if (value === null) return;
    const group = this.groupOf(value);
    group.versions.remove(version);
    if (group.versions.size === 0) this.groups.delete(value);
  }

  private groupOf(value: string): VersionGroup<Entity> {
    let group = this.groups.get(value);
    if (!group) this.groups.set(value, (group = new VersionGroup(this.order.compare)));
    return group;
  }
}
