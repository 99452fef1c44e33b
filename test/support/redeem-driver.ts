/** What a process that redeems is told to do. */
export interface RedeemDriverOptions {
  /** Part of its keys and quotes, so that no two processes ask for the same. */
  readonly name: string;
  readonly attempts: number;
  readonly concurrency: number;
  /** How many customers take turns; null = each attempt is for another one. */
  readonly customers: number | null;
  /** Asks with a new key and for a new quote each time, as one does who does not know of idempotency. */
  readonly forgetsKeys: boolean;
  /** After how many attempts it says that it has begun, and waits to be told to go on. */
  readonly pauseAfter: number;
}

/** What it was told. */
export interface RedeemDriverReport {
  /** Ids of redemptions. */
  readonly granted: string[];
  refused: number;
  /** How often the outcome could not be known, so that it asked again. */
  unknown: number;
}
