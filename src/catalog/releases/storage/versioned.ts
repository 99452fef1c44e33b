import type { LocalizedText } from "../../../kernel/localized-text.js";

/** SQL: the row belongs to release `$2`. Statements that read at a release take it as their second parameter. */
export const AT_RELEASE = belongsTo("$2");

/** The same where nothing else is asked for: the release is the only parameter. */
export const ALL_AT_RELEASE = belongsTo("$1");

function belongsTo(release: "$1" | "$2"): string {
  return `since_release <= ${release} and (until_release is null or until_release > ${release})`;
}

/** The same for Prisma, to be combined with others under `AND`. */
export function atRelease(release: number): { sinceRelease: { lte: bigint }; OR: object[] } {
  const number = BigInt(release);
  return { sinceRelease: { lte: number }, OR: [{ untilRelease: null }, { untilRelease: { gt: number } }] };
}

/** For Prisma: no row. */
export const NOTHING = { key: { in: [] } };

/** A filter on a field: one of the values; no filter when nothing is asked for. */
export function isOneOf<Field extends string>(field: Field, values: readonly unknown[] | null | undefined): object {
  return values == null ? {} : { [field]: { in: [...values] } };
}

export function localizedText(text: string, translations: Readonly<Record<string, string>>): LocalizedText {
  return { text, translations };
}
