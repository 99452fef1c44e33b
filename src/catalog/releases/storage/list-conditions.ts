import type { PeriodStatus } from "../../../kernel/period.js";
import type { CatalogSight } from "../release.js";
import { belongsTo } from "./versioned.js";

export type Parameter = `$${number}`;

/** What a list asks of its rows, in SQL: what every list of its kind asks, and what it is narrowed by. Values are parameters, never text. */
export class ListConditions {
  readonly values: unknown[] = [];
  private readonly conditions: string[] = [];
  private narrowed = false;

  constructor(readonly release: number) {
    this.conditions.push(belongsTo(this.parameter(release)));
  }

  /** Whether it has conditions that others of its kind have not. */
  get isNarrowed(): boolean {
    return this.narrowed;
  }

  get text(): string {
    return this.conditions.join(" and ");
  }

  parameter(value: unknown): Parameter {
    return `$${this.values.push(value)}`;
  }

  narrow(condition: string): this {
    this.narrowed = true;
    this.conditions.push(condition);
    return this;
  }

  /** One of the values, of which there may be none; null = any. */
  among(column: string, values: readonly unknown[] | null | undefined): this {
    return values == null ? this : this.narrow(`${column} = any(${this.parameter(values)})`);
  }

  /** The same where no value means that the row is about none in particular. */
  nullOrAmong(column: string, values: readonly unknown[] | null): this {
    return values === null ? this : this.narrow(`(${column} is null or ${column} = any(${this.parameter(values)}))`);
  }

  /**
   * Rows with an effective period that the sight sees and whose period is one of `statuses` at the point's time; null asks for those in force.
   * The embargo stands first and on its own, so no filter can look past it.
   */
  effectiveAs(statuses: readonly PeriodStatus[] | null | undefined, { point, seesUpcoming }: CatalogSight): this {
    const [sees, time] = [this.parameter(seesUpcoming), this.parameter(point.time)];
    const conditions: Record<PeriodStatus, string> = {
      PAST: `effective_until <= ${time}`,
      CURRENT: `effective_from <= ${time} and (effective_until is null or effective_until > ${time})`,
      UPCOMING: `effective_from > ${time}`,
    };
    this.conditions.push(`(${sees} or effective_from <= ${time})`);
    if (statuses == null) this.conditions.push(conditions.CURRENT);
    else this.narrow(statuses.length === 0 ? "false" : `(${statuses.map((status) => `(${conditions[status]})`).join(" or ")})`);
    return this;
  }
}
