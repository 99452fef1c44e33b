import { createUnionType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { connectionType } from "../../../platform/graphql/connection.js";
import { enumType } from "../../../platform/graphql/enum.js";
import { NodeType } from "../../../platform/graphql/node.type.js";
import { DateTimeScalar } from "../../../platform/graphql/scalars/scalars.js";
import { RefusedType } from "../../../platform/graphql/user-error.type.js";
import { ROLES, type KeyRole, type Role } from "../../permission.js";
import { OVERLAP_SECONDS } from "../api-key-wish.js";

const describeRole = (role: Role): string => `May: ${ROLES[role].join(", ")}.`;

export const ApiKeyRoleEnum = enumType<Uppercase<KeyRole>>("ApiKeyRole", "What a key may do.", {
  FRONTEND: describeRole("frontend"),
  PARTNER: describeRole("partner"),
  SERVICE: describeRole("service"),
  EDITOR: describeRole("editor"),
  ANALYST: describeRole("analyst"),
  ADMIN: describeRole("admin"),
});

@ObjectType("ApiKey", { implements: NodeType, description: "A key that programs call with. What it is recognised by is not kept.", simpleResolvers: true })
export class ApiKeyType {
  @Field(() => ID, { description: "The part of the key between `cgk_` and the next underscore." })
  declare keyId: string;

  @Field(() => ID, { description: "The first of the keys that this one replaces, or itself: whose the quotes and idempotency keys are that are made with it." })
  declare ownerId: string;

  @Field(() => ID, { nullable: true, description: "The credential that made it; null = an operator." })
  declare createdBy: string | null;

  @Field(() => String, { description: "Whose it is, for people." })
  declare name: string;

  @Field(() => ApiKeyRoleEnum, { nullable: true, description: "What it may do; null = nothing, because this version does not know its role." })
  declare role: Uppercase<KeyRole> | null;

  @Field(() => [String], { nullable: true, description: "The permissions of its role that it is narrowed to; null = all." })
  declare permissions: readonly string[] | null;

  @Field(() => [String], { nullable: true, description: "Keys of the markets that it reaches, with those below them and those they inherit from; null = all." })
  declare markets: readonly string[] | null;

  @Field(() => [String], { nullable: true, description: "Keys of the products that it reaches; null = all." })
  declare products: readonly string[] | null;

  @Field(() => String, {
    nullable: true,
    description: "How the ids of its own customers begin, of whom alone it may ask; null = of any, as far as its permissions go.",
  })
  declare customerPrefix: string | null;

  @Field(() => [String], { nullable: true, description: "The origins of the pages that may use it; null = also programs that are no pages." })
  declare origins: readonly string[] | null;

  @Field(() => DateTimeScalar, { description: "When it was made." })
  declare createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: "From when it is no longer good; null = never." })
  declare expiresAt: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: "When it was revoked; null = it was not." })
  declare revokedAt: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: "When it was used last, to a minute or so; null = never." })
  declare lastUsedAt: Date | null;
}

export const { Connection: ApiKeyConnection } = connectionType("ApiKey", () => ApiKeyType);

@ObjectType("IssuedApiKey", { description: "A key that was just made.", simpleResolvers: true })
export class IssuedApiKeyType {
  @Field(() => ApiKeyType, { description: "What is kept of it." })
  declare apiKey: object;

  @Field(() => String, { description: "The key itself, this once: it cannot be shown again." })
  declare clearKey: string;
}

export const IssueApiKeyResultUnion = createUnionType({
  name: "IssueApiKeyResult",
  description: "The key that was made, or why none was.",
  types: () => [IssuedApiKeyType, RefusedType] as const,
});

export const RevokeApiKeyResultUnion = createUnionType({
  name: "RevokeApiKeyResult",
  description: "The key that was revoked, or why none was.",
  types: () => [ApiKeyType, RefusedType] as const,
});

@InputType("CreateApiKeyInput", { description: "What key is to be made. Nobody gives what they do not have themselves." })
export class CreateApiKeyInput {
  @Field(() => String, { description: "Whose it is, for people: one line." })
  declare name: string;

  @Field(() => ApiKeyRoleEnum, { description: "What it may do." })
  declare role: Uppercase<KeyRole>;

  @Field(() => [String], { nullable: true, description: "Only these permissions of the role." })
  declare permissions?: string[] | null;

  @Field(() => [String], { nullable: true, description: "Only these markets, by key, with those below them and those they inherit from." })
  declare markets?: string[] | null;

  @Field(() => [String], { nullable: true, description: "Only these products, by key." })
  declare products?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Only customers whose ids begin with this: "acme:".' })
  declare customerPrefix?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Only pages of these origins: "https://shop.example.com". Programs that send no origin are turned away.',
  })
  declare origins?: string[] | null;

  @Field(() => DateTimeScalar, { nullable: true, description: "From when it is no longer good; null = never." })
  declare expiresAt?: Date | null;
}

@InputType("RotateApiKeyInput", { description: "Which key gets a successor." })
export class RotateApiKeyInput {
  @Field(() => ID, { description: "The part of the key between `cgk_` and the next underscore." })
  declare keyId: string;

  @Field(() => Int, {
    defaultValue: OVERLAP_SECONDS.usual,
    description: `For how many seconds the old one is good yet, ${OVERLAP_SECONDS.least} to ${OVERLAP_SECONDS.most}; a day unless said otherwise.`,
  })
  declare overlapSeconds: number;

  @Field(() => DateTimeScalar, { nullable: true, description: "From when the new one is no longer good; null = never." })
  declare expiresAt?: Date | null;
}

@InputType("RevokeApiKeyInput", { description: "Which key is to end at once." })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: "The part of the key between `cgk_` and the next underscore." })
  declare keyId: string;
}
