/** What a key is narrowed to within its role. Null = not narrowed; a list is never empty. */
export interface ApiKeyReach {
  /** Of those of its role. */
  readonly permissions: readonly string[] | null;
  /** Keys of markets. */
  readonly markets: readonly string[] | null;
  /** Keys of products. */
  readonly products: readonly string[] | null;
  /** How the ids of its own customers begin. */
  readonly customerPrefix: string | null;
  /** The origins of the pages that may use it. */
  readonly origins: readonly string[] | null;
}
