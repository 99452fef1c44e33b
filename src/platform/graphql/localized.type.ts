import { Arg, FieldResolver, InterfaceType, Resolver, Root } from "type-graphql";
import { localize, type LocalizedText } from "../../kernel/localized-text.js";
import { LocaleScalar } from "./scalars/scalars.js";

const LOCALE = { nullable: true, description: "The language wanted; falls back to its parent (de-AT to de), then to the catalog's default language." } as const;

@InterfaceType("Named", { description: "Something that people are shown under a name." })
export abstract class NamedType {}

@InterfaceType("Described", { description: "Something that people are shown with a description." })
export abstract class DescribedType {}

@Resolver(() => NamedType)
export class NamedFieldsResolver {
  @FieldResolver(() => String, { description: "The name shown to people." })
  name(@Root() named: { readonly name: LocalizedText }, @Arg("locale", () => LocaleScalar, LOCALE) locale?: string | null): string {
    return localize(named.name, locale);
  }
}

@Resolver(() => DescribedType)
export class DescribedFieldsResolver {
  @FieldResolver(() => String, { description: "A sentence or two for people; may be empty." })
  description(@Root() described: { readonly description: LocalizedText }, @Arg("locale", () => LocaleScalar, LOCALE) locale?: string | null): string {
    return localize(described.description, locale);
  }
}
