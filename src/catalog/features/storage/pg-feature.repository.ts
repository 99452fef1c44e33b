import type { Pool } from "pg";
import type { CatalogKey } from "../../../kernel/key.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { OrderColumns } from "../../../platform/database/keyset.js";
import type { Reads } from "../../../platform/database/reads.js";
import type { CatalogSight } from "../../releases/release.js";
import { ListConditions } from "../../releases/storage/list-conditions.js";
import { PgList } from "../../releases/storage/pg-list.js";
import { AT_RELEASE, localizedColumns, localizedText } from "../../releases/storage/versioned.js";
import type { CapWindow, Feature, FeatureKind } from "../feature.js";
import type { FeatureFilter, FeatureOrderField, FeatureRepository } from "../feature.repository.js";

export interface FeatureRow {
  readonly key: string;
  readonly kind: FeatureKind;
  readonly category: string;
  readonly position: number;
  readonly unit: string | null;
  readonly cap_window: CapWindow | null;
  readonly allowed_values: string[] | null;
  readonly name: string;
  readonly name_translations: Record<string, string> | null;
  readonly description: string;
  readonly description_translations: Record<string, string> | null;
  readonly internal_note: string | null;
}

export const FEATURE_COLUMNS = `key, kind, category, position, unit, cap_window, allowed_values, ${localizedColumns("name")}, ${localizedColumns("description")}, internal_note`;

export const FEATURE_ORDERS: Readonly<Record<FeatureOrderField, OrderColumns>> = { POSITION: { position: "int" }, KEY: {}, NAME: { name: "text" } };

export class PgFeatureRepository implements FeatureRepository {
  private readonly list;

  constructor(
    private readonly reads: Reads,
    pool: Pool,
  ) {
    this.list = new PgList(reads, pool, { table: "feature", orders: FEATURE_ORDERS, fromRow });
  }

  async findAll(keys: readonly CatalogKey[], release: number): Promise<Feature[]> {
    const { rows } = await this.reads.query<FeatureRow>({
      name: "features-by-key",
      text: `select ${FEATURE_COLUMNS} from feature where key = any($1) and ${AT_RELEASE}`,
      values: [keys, release],
    });
    return rows.map(fromRow);
  }

  listKeys(filter: FeatureFilter, order: ListOrder<FeatureOrderField>, page: PageRequest, { point }: CatalogSight): Promise<Page<Feature>> {
    return this.list.page(FEATURE_COLUMNS, matching(filter, point.release), order, page);
  }

  count(filter: FeatureFilter, { point }: CatalogSight): Promise<number> {
    return this.list.count(matching(filter, point.release));
  }
}

function matching({ keys, kinds, categories }: FeatureFilter, release: number): ListConditions {
  return new ListConditions(release).among("key", keys).among("kind", kinds).among("category", categories);
}

export function fromRow(row: FeatureRow): Feature {
  return {
    key: row.key,
    kind: row.kind,
    category: row.category,
    position: row.position,
    unit: row.unit,
    window: row.cap_window,
    allowedValues: row.allowed_values,
    name: localizedText(row.name, row.name_translations),
    description: localizedText(row.description, row.description_translations),
    internalNote: row.internal_note,
  };
}
