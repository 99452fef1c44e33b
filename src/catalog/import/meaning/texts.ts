import type { Translations } from "../shapes/texts.shape.js";

/** Of translations by locale, those of one text. */
export function translated(translations: Translations, text: "name" | "description"): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [locale, of] of translations) {
    const translation = of[text];
    if (translation) texts[locale] = translation;
  }
  return texts;
}

/** The columns of a name and a description. */
export function textColumns({ name, description, translations }: { name: string; description: string; translations: Translations }): {
  name: string;
  name_translations: Record<string, string>;
  description: string;
  description_translations: Record<string, string>;
} {
  return {
    name,
    name_translations: translated(translations, "name"),
    description,
    description_translations: translated(translations, "description"),
  };
}
