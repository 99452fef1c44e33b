import { createUnionType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { DateTimeScalar } from "../../../platform/graphql/scalars/scalars.js";
import { RefusedType } from "../../../platform/graphql/user-error.type.js";
import { QuoteInput } from "./quote.input.js";
import { QuoteType } from "./quote.type.js";

/** A quote that nobody may rely on for a minute is of no use; one for a quarter of a year would tie the catalog down. */
export const VALIDITY_SECONDS = { least: 60, most: 90 * 86_400, usual: 86_400 } as const;

@InputType("CreateQuoteInput", { description: "What is to be priced and kept." })
export class CreateQuoteInput {
  @Field(() => QuoteInput, { description: "What is to be priced, for whom." })
  declare quote: QuoteInput;

  @Field(() => Int, {
    defaultValue: VALIDITY_SECONDS.usual,
    description: `For how many seconds it is honoured, ${VALIDITY_SECONDS.least} to ${VALIDITY_SECONDS.most}; a day unless said otherwise.`,
  })
  declare validForSeconds: number;
}

@ObjectType("StoredQuote", {
  description: "A quote that was kept and signed: it is honoured until it expires, whatever the catalog says by then. It never changes.",
  simpleResolvers: true,
})
export class StoredQuoteType {
  @Field(() => ID, { description: "What it is called: not to be guessed." })
  declare quoteId: string;

  @Field(() => DateTimeScalar, { description: "When it was made: the instant that it was reckoned at." })
  declare createdAt: Date;

  @Field(() => DateTimeScalar, { description: "From when it is no longer honoured." })
  declare expiresAt: Date;

  @Field(() => Boolean, { description: "Whether what it takes for granted of the customer was vouched for. Only such a quote can be redeemed." })
  declare binding: boolean;

  @Field(() => QuoteType, { description: "What was promised, as it was answered then." })
  declare quote: object;

  @Field(() => String, {
    description:
      "A compact JWS (RFC 7515) with EdDSA over Ed25519. Its payload names the quote, its customer, release and times, what is due at once in minor units, and the SHA-256 of `document`. Check it with `quoteSigningKeys`.",
  })
  declare signature: string;

  @Field(() => String, {
    nullable: true,
    description:
      "What was signed: inputs, facts and answer as JSON in one form, for those who check or archive it; null if its maker reached more of the catalog than you do.",
  })
  declare document: string | null;
}

@ObjectType("QuoteSigningKey", { description: "A key that signatures of quotes are checked with.", simpleResolvers: true })
export class QuoteSigningKeyType {
  @Field(() => String, { description: "The `kid` in the header of a signature." })
  declare kid: string;

  @Field(() => String, { description: "The public key: `x` of a JWK with kty OKP and crv Ed25519 (RFC 8037)." })
  declare x: string;
}

@ObjectType("QuoteDifference", { description: "A place where a quote that is reckoned again is another.", simpleResolvers: true })
export class QuoteDifferenceType {
  @Field(() => String, { description: "Where in `document`, below `quote`." })
  declare path: string;

  @Field(() => String, { nullable: true, description: "What was promised, as JSON; null = nothing." })
  declare stored: string | null;

  @Field(() => String, { nullable: true, description: "What comes out now, as JSON; null = nothing." })
  declare replayed: string | null;
}

@ObjectType("QuoteReplay", { description: "A stored quote, reckoned again from its own inputs and facts at its own release.", simpleResolvers: true })
export class QuoteReplayType {
  @Field(() => StoredQuoteType, { description: "What was promised." })
  declare quote: object;

  @Field(() => Boolean, { description: "Whether the same comes out, to the cent and to the byte." })
  declare same: boolean;

  @Field(() => [QuoteDifferenceType], { description: "Where not." })
  declare differences: readonly QuoteDifferenceType[];
}

export const CreateQuoteResultUnion = createUnionType({
  name: "CreateQuoteResult",
  description: "The quote that was kept, or why none was.",
  types: () => [StoredQuoteType, RefusedType] as const,
});
