import { batchStateAt } from "./unique-code-batch.js";
import { canonicalUniqueCode, showUniqueCode, uniqueCodeId, type UniqueCodeClaim } from "./unique-code.js";
import type { UniqueCodeRepository } from "./unique-code.repository.js";

export class UniqueCodes {
  constructor(
    private readonly codes: UniqueCodeRepository,
    private readonly pepper: string,
  ) {}

  /**
   * What the words claim, by the word as it was given. A word that is no code, is mistyped, or is of a batch that was not
   * finished, is not in the answer. Words that cannot be codes are told without asking the database.
   */
  async claimsOf(words: readonly string[], at: Date): Promise<ReadonlyMap<string, UniqueCodeClaim>> {
    const typed = [...new Set(words)].flatMap((word) => {
      const canonical = canonicalUniqueCode(word);
      return canonical === null ? [] : [{ word, canonical, id: uniqueCodeId(canonical, this.pepper) }];
    });
    if (typed.length === 0) return new Map();
    const found = new Map((await this.codes.findAll([...new Set(typed.map(({ id }) => id))])).map((record) => [record.id, record]));
    const claims = new Map<string, UniqueCodeClaim>();
    for (const { word, canonical, id } of typed) {
      const record = found.get(id);
      if (record === undefined) continue;
      const state = batchStateAt(record, at);
      if (state === "UNFINISHED") continue;
      claims.set(word, { codeId: id, discountKey: record.discountKey, shown: showUniqueCode(canonical, record.prefix), state });
    }
    return claims;
  }
}
