import { Arg, Args, Ctx, Mutation, Query, Resolver } from "type-graphql";
import type { Refusal } from "../../../kernel/refusal.js";
import { ConnectionArgs, pageRequest, toConnection, type Connection } from "../../../platform/graphql/connection.js";
import { refused, type RefusedNode } from "../../../platform/graphql/user-error.type.js";
import type { KeyRole } from "../../permission.js";
import type { Viewer } from "../../viewer.js";
import type { ApiKeyService, IssuedApiKey } from "../api-key.service.js";
import { NO_SUCH_KEY } from "../api-key-wish.js";
import { presentApiKey, type ApiKeyNode } from "./api-key.node.js";
import { ApiKeyConnection, CreateApiKeyInput, IssueApiKeyResultUnion, RevokeApiKeyInput, RevokeApiKeyResultUnion, RotateApiKeyInput } from "./api-key.type.js";

const ORDER = "api-keys";

interface KeyContext {
  readonly viewer: Viewer;
}

@Resolver()
export class ApiKeyResolver {
  constructor(private readonly keys: ApiKeyService) {}

  @Query(() => ApiKeyConnection, {
    description:
      "The API keys, newest first, also those that have ended. Who reaches only a part of customers or catalog sees those that it made, and its own.",
  })
  async apiKeys(@Ctx() { viewer }: KeyContext, @Args(() => ConnectionArgs) args: ConnectionArgs): Promise<Connection<ApiKeyNode>> {
    const page = await this.keys.list(pageRequest(args, ORDER), viewer);
    const found = new Map(page.items.map(({ key, record }) => [key, presentApiKey(record)]));
    return toConnection(
      page,
      ORDER,
      (key) => found.get(key) ?? Promise.reject(new Error("a page holds its items")),
      () => this.keys.count(viewer),
    );
  }

  @Mutation(() => IssueApiKeyResultUnion, { nullable: true, description: "Makes an API key and shows it, this once." })
  async createApiKey(
    @Ctx() { viewer }: KeyContext,
    @Arg("input", () => CreateApiKeyInput, { description: "What key is to be made." }) input: CreateApiKeyInput,
  ): Promise<object> {
    const { name, role, permissions = null, markets = null, products = null, customerPrefix = null, origins = null, expiresAt = null } = input;
    return present(
      await this.keys.issue({ name, role: role.toLowerCase() as KeyRole, expiresAt, permissions, markets, products, customerPrefix, origins }, viewer),
    ); // The words of the enum are the roles in capitals.
  }

  @Mutation(() => IssueApiKeyResultUnion, {
    nullable: true,
    description:
      "Makes the successor of an API key and shows it, this once. It may the same; the old one is good for a while yet, so that nobody is left without.",
  })
  async rotateApiKey(
    @Ctx() { viewer }: KeyContext,
    @Arg("input", () => RotateApiKeyInput, { description: "Which key." }) { keyId, overlapSeconds, expiresAt = null }: RotateApiKeyInput,
  ): Promise<object> {
    return present(await this.keys.rotate({ id: keyId, overlapSeconds, expiresAt }, viewer));
  }

  @Mutation(() => RevokeApiKeyResultUnion, {
    nullable: true,
    description: "Ends an API key at once, on every gateway within 5 seconds. Revoking it again changes nothing.",
  })
  async revokeApiKey(
    @Ctx() { viewer }: KeyContext,
    @Arg("input", () => RevokeApiKeyInput, { description: "Which key." }) { keyId }: RevokeApiKeyInput,
  ): Promise<ApiKeyNode | RefusedNode> {
    await this.keys.revoke(keyId, viewer);
    const record = await this.keys.find(keyId, viewer);
    return record ? presentApiKey(record) : refused([NO_SUCH_KEY]);
  }
}

function present(issued: IssuedApiKey | readonly Refusal[]): object {
  return "record" in issued ? { __typename: "IssuedApiKey", apiKey: presentApiKey(issued.record), clearKey: issued.key } : refused(issued);
}
