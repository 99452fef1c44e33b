/** A text in the catalog's default language and its translations by BCP 47 tag. */
export interface LocalizedText {
  readonly text: string;
  readonly translations: Readonly<Record<string, string>>;
}

/** A BCP 47 tag in its canonical spelling ("pt-br" is "pt-BR"), or null if `tag` is none. */
export function canonicalLocale(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null; // The only error here is "this is no language tag", which is the answer.
  }
}

/** The text for `locale`: "de-AT" falls back to "de", and that to the default language (RFC 4647 lookup). */
export function localize({ text, translations }: LocalizedText, locale: string | null | undefined): string {
  let tag = locale ?? "";
  while (tag !== "") {
    if (Object.hasOwn(translations, tag)) return translations[tag] ?? text;
    tag = tag.slice(0, Math.max(tag.lastIndexOf("-"), 0));
    // RFC 4647 3.4: a single letter introduces an extension and goes with it.
    if (/-[a-z0-9]$/i.test(tag)) tag = tag.slice(0, -2);
  }
  return text;
}
