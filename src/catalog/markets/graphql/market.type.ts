import { Field, InputType, ObjectType } from "type-graphql";
import type { Decimal } from "../../../kernel/decimal.js";
import { connectionType } from "../../../platform/graphql/connection.js";
import { enumType } from "../../../platform/graphql/enum.js";
import { NamedType } from "../../../platform/graphql/localized.type.js";
import { NodeType } from "../../../platform/graphql/node.type.js";
import { orderType } from "../../../platform/graphql/order.js";
import { CountryCodeScalar, CurrencyCodeScalar, DecimalScalar, KeyScalar, TimeZoneScalar } from "../../../platform/graphql/scalars/scalars.js";
import { listArgs } from "../../releases/graphql/catalog-list.js";
import type { MarketKind } from "../market.js";
import type { MarketFilter, MarketOrderField } from "../market.repository.js";

export const MarketKindEnum = enumType<MarketKind>("MarketKind", "What a market is.", {
  COUNTRY: "One country.",
  GROUP: "A group of markets.",
});

@ObjectType("Market", { implements: [NodeType, NamedType], description: "Where something is sold: a country or a group of markets.", simpleResolvers: true })
export class MarketType {
  @Field(() => KeyScalar, { description: "What the catalog calls it: `se`, `nordics`." })
  declare key: string;

  @Field(() => MarketKindEnum, { description: "Whether it is a country or a group." })
  declare kind: MarketKind;

  @Field(() => CountryCodeScalar, { nullable: true, description: "ISO 3166-1 alpha-2; null for a group." })
  declare countryCode: string | null;

  @Field(() => CurrencyCodeScalar, { description: "The currency that prices are shown in unless another is asked for." })
  declare currency: string;

  @Field(() => TimeZoneScalar, { description: "IANA time zone: where the market's days begin." })
  declare timeZone: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      "Tax in percent of the net price: `25` in Sweden; 0 = there is none. Null = not given here: the nearest market above (see `path`) that gives one counts, and where none does the catalog does not know the tax.",
  })
  declare taxRate: Decimal | null;
}

@InputType("MarketFilter", { description: "Which markets; all conditions must hold, and a list means one of its values." })
class MarketFilterInput implements MarketFilter {
  @Field(() => [KeyScalar], { nullable: true, description: "These keys." })
  declare keys?: string[] | null;

  @Field(() => [MarketKindEnum], { nullable: true, description: "Countries, groups or both." })
  declare kinds?: MarketKind[] | null;

  @Field(() => [KeyScalar], { nullable: true, description: "Directly below these markets." })
  declare parents?: string[] | null;

  @Field(() => [CurrencyCodeScalar], { nullable: true, description: "With one of these default currencies." })
  declare currencies?: string[] | null;

  @Field(() => [CountryCodeScalar], { nullable: true, description: "These countries." })
  declare countryCodes?: string[] | null;
}

const MarketOrderInput = orderType<MarketOrderField>("Market", { KEY: "By key.", NAME: "By name in the catalog's default language." });

export const MarketListArgs = listArgs<MarketFilter, MarketOrderField>(MarketFilterInput, MarketOrderInput);

export const { Connection: MarketConnection } = connectionType("Market", () => MarketType);
