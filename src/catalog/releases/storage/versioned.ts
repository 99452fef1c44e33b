import type { LocalizedText } from "../../../kernel/localized-text.js";

/** SQL: the row belongs to release `$2`. Statements that read at a release take it as their second parameter. */
export const AT_RELEASE = belongsTo("$2");

/** The same where nothing else is asked for: the release is the only parameter. */
export const ALL_AT_RELEASE = belongsTo("$1");

export function belongsTo(release: `$${number}`): string {
  return `since_release <= ${release} and (until_release is null or until_release > ${release})`;
}

/** SQL: a text with its translations, which are null where there are none: most texts have none, and nothing takes as long to read as JSON. */
export function localizedColumns(column: string): string {
  return `${column}, nullif(${column}_translations, '{}') as ${column}_translations`;
}

const UNTRANSLATED: LocalizedText["translations"] = Object.freeze({});

export function localizedText(text: string, translations: LocalizedText["translations"] | null): LocalizedText {
  return { text, translations: translations ?? UNTRANSLATED };
}
