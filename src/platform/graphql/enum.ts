import { registerEnumType } from "type-graphql";

/** Makes a GraphQL enum of a list of words, each with its description. The object returned stands for it in decorators. */
export function enumType<Word extends string>(name: string, description: string, words: Record<Word, string>): Record<Word, Word> {
  const values = Object.fromEntries(Object.keys(words).map((word) => [word, word])) as Record<Word, Word>; // fromEntries forgets the words.
  registerEnumType(values, {
    name,
    description,
    valuesConfig: Object.fromEntries(Object.entries<string>(words).map(([word, text]) => [word, { description: text }])) as Record<
      Word,
      { description: string }
    >,
  });
  return values;
}
