import type { CatalogKey } from "../../kernel/key.js";
import type { Clock } from "../../platform/clock.js";
import type { Discount } from "../discounts/discount.js";
import type { DiscountRepository } from "../discounts/discount.repository.js";
import { ALL_IN_REACH } from "../releases/reach.js";
import type { ReleaseRepository } from "../releases/release.repository.js";
import { checkBatchDiscount, type BatchOrder, type BatchRefusal, type UniqueCodeBatch } from "./unique-code-batch.js";
import type { UniqueCodeBatchRepository } from "./unique-code-batch.repository.js";
import { canonicalUniqueCode, makeUniqueCodes, uniqueCodeId } from "./unique-code.js";

/** What is in memory at once, whatever the size of the batch: large enough to make round trips few. */
const CHUNK_CODES = 5_000;

/** Where codes in clear go: the only place, and the only time. */
export interface CodeSink {
  /** Resolves when they are taken, and not before: who makes codes waits for who reads them. */
  write(codes: readonly string[]): Promise<void>;
  /** Resolves when all that was written is safe. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface UniqueCodeBatchesParts {
  readonly batches: UniqueCodeBatchRepository;
  readonly discounts: Pick<DiscountRepository, "findAll">;
  readonly releases: Pick<ReleaseRepository, "getHead">;
  readonly pepper: string;
  readonly clock: Clock;
}

export class UniqueCodeBatches {
  constructor(private readonly parts: UniqueCodeBatchesParts) {}

  /**
   * Makes a batch. Codes are kept before they are written, and good only when all are written: whatever ends this midway leaves
   * a batch that is not ready, of which no code is good, seen or not. The sink is opened when nothing speaks against the order.
   */
  async create(order: BatchOrder, openSink: () => Promise<CodeSink>): Promise<UniqueCodeBatch | BatchRefusal> {
    const refusal = checkBatchDiscount(await this.findDiscount(order.discountKey));
    if (refusal !== null) return refusal;
    const sink = await openSink();
    try {
      return await this.fill(order, sink);
    } finally {
      await sink.close();
    }
  }

  list(discountKey: CatalogKey | null = null): Promise<UniqueCodeBatch[]> {
    return this.parts.batches.list(discountKey);
  }

  /** Whether there was such a batch to revoke. From then on none of its codes is good, for whatever instant is asked. */
  revoke(id: number): Promise<boolean> {
    return this.parts.batches.revoke(id, this.parts.clock.now());
  }

  private fill(order: BatchOrder, sink: CodeSink): Promise<UniqueCodeBatch> {
    const { batches, clock } = this.parts;
    return batches.inSession(async (session) => {
      const batch = await session.open(order, clock.now());
      for (let left = order.count; left > 0; left -= CHUNK_CODES) {
        const codes = makeUniqueCodes(order.prefix, Math.min(left, CHUNK_CODES));
        await session.add(batch.id, codes.map(this.idOf));
        await sink.write(codes);
      }
      await sink.flush();
      const readyAt = clock.now();
      await session.makeReady(batch.id, readyAt);
      return { ...batch, readyAt };
    });
  }

  private readonly idOf = (code: string): string => {
    const canonical = canonicalUniqueCode(code);
    // Asked of every code, so that none is handed out that could not be read back.
    if (canonical === null) throw new Error("A code was made that does not read as one.");
    return uniqueCodeId(canonical, this.parts.pepper);
  };

  /** The discount in the current release, whether it is in force yet or not. */
  private async findDiscount(key: CatalogKey): Promise<Discount | undefined> {
    const point = { release: await this.parts.releases.getHead(), time: this.parts.clock.now() };
    const [discount] = await this.parts.discounts.findAll([key], { point, seesUpcoming: true, reach: ALL_IN_REACH });
    return discount;
  }
}
