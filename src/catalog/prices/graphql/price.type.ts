import { Field, InputType, ObjectType } from "type-graphql";
import type { Decimal } from "../../../kernel/decimal.js";
import type { PeriodStatus } from "../../../kernel/period.js";
import { connectionType } from "../../../platform/graphql/connection.js";
import { enumType } from "../../../platform/graphql/enum.js";
import { NodeType } from "../../../platform/graphql/node.type.js";
import { orderType } from "../../../platform/graphql/order.js";
import { BillingIntervalScalar, CurrencyCodeScalar, DecimalScalar, KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import { listArgs } from "../../releases/graphql/catalog-list.js";
import { PeriodStatusEnum } from "../../releases/graphql/period-status.js";
import type { PriceModel } from "../price.js";
import type { PriceFilter, PriceOrderField } from "../price.repository.js";

export const PriceModelEnum = enumType<PriceModel>("PriceModel", "How a price is computed from a quantity.", {
  FLAT: "One amount, whatever the quantity.",
  PER_UNIT: "A rate for each unit.",
  GRADUATED: "Each unit at the rate of the tier that it falls into.",
  VOLUME: "All units at the rate of the tier that the quantity reaches.",
  PACKAGE: "A rate for each package of units, begun packages in full.",
});

@ObjectType("Price", {
  implements: NodeType,
  description: "What one plan costs in one market, currency and billing interval, over a time.",
  simpleResolvers: true,
})
export class PriceType {
  @Field(() => KeyScalar, { description: "Plan, market, currency, interval, channel, segment and start, `*` where a price is for every channel or segment." })
  declare key: string;

  @Field(() => CurrencyCodeScalar, { description: "The currency of all of its amounts and rates." })
  declare currency: string;

  @Field(() => BillingIntervalScalar, { description: "How often it is charged." })
  declare interval: string;

  @Field(() => KeyScalar, { nullable: true, description: "The sales channel that it is for; null = every one." })
  declare channel: string | null;

  @Field(() => KeyScalar, { nullable: true, description: "The group of customers that it is for, such as `student`; null = everyone." })
  declare segment: string | null;

  @Field(() => PriceModelEnum, { description: "How it is computed from a quantity." })
  declare model: PriceModel;

  @Field(() => Boolean, { description: "Whether the amounts include tax." })
  declare taxIncluded: boolean;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "PER_UNIT: for each unit, PACKAGE: for each package, in the currency's major unit; null for other models.",
  })
  declare unitRate: Decimal | null;

  @Field(() => DecimalScalar, { nullable: true, description: "PACKAGE: how many units are in a package; null for other models." })
  declare packageSize: Decimal | null;

  @Field(() => DecimalScalar, { description: "How many units of an interval cost nothing." })
  declare freeUnits: Decimal;
}

@ObjectType("PriceTier", { description: "One band of a tiered price.", simpleResolvers: true })
export class PriceTierType {
  @Field(() => DecimalScalar, { nullable: true, description: "The last unit that falls into the tier; null = no end." })
  declare upTo: Decimal | null;

  @Field(() => DecimalScalar, { description: "For each unit, in the currency's major unit." })
  declare unitRate: Decimal;
}

@InputType("PriceFilter", { description: "Which prices; all conditions must hold, and a list means one of its values. Without `periods` only those in force." })
class PriceFilterInput implements PriceFilter {
  @Field(() => [KeyScalar], { nullable: true, description: "These keys." })
  declare keys?: string[] | null;

  @Field(() => [KeyScalar], { nullable: true, description: "Of these plans." })
  declare plans?: string[] | null;

  @Field(() => [KeyScalar], {
    nullable: true,
    description: "Set for exactly these markets. What a market shows all told, with the prices of markets above it, is `Plan.prices`.",
  })
  declare markets?: string[] | null;

  @Field(() => [CurrencyCodeScalar], { nullable: true, description: "In these currencies." })
  declare currencies?: string[] | null;

  @Field(() => [BillingIntervalScalar], { nullable: true, description: "Charged this often." })
  declare intervals?: string[] | null;

  @Field(() => [KeyScalar], { nullable: true, description: "For these channels." })
  declare channels?: string[] | null;

  @Field(() => [KeyScalar], { nullable: true, description: "For these segments." })
  declare segments?: string[] | null;

  @Field(() => [PriceModelEnum], { nullable: true, description: "Computed in these ways." })
  declare models?: PriceModel[] | null;

  @Field(() => [PeriodStatusEnum], {
    nullable: true,
    description:
      "Over, in force or still to come at the catalog point's time; in force without it. Prices still to come need the permission `catalog:read-upcoming`: without it there are none.",
  })
  declare periods?: PeriodStatus[] | null;
}

const PriceOrderInput = orderType<PriceOrderField>("Price", {
  KEY: "By key, that is by plan, market, currency and so on.",
  EFFECTIVE_FROM: "By when it comes into force.",
  AMOUNT: "By its amount in minor units: of use among prices of one currency.",
});

export const PriceListArgs = listArgs<PriceFilter, PriceOrderField>(PriceFilterInput, PriceOrderInput);

export const { Connection: PriceConnection } = connectionType("Price", () => PriceType);
