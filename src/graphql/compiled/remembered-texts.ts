/** What has texts remembered. */
interface Holder {
  forget(): void;
}

/** What of answers is the same each time. */
export interface Constancy {
  /** Whether a field that is asked for without variables says the same of one object each time, and to everybody. */
  readonly isConstant: (typeName: string, fieldName: string) => boolean;
  /** Whether other requests meet the very same object. */
  readonly isShared: (source: object) => boolean;
}

/** How many characters are remembered; then all of it is forgotten and begins anew. */
const MAX_CHARACTERS = 64_000_000;
/** What remembering one text takes beside its characters. */
const TEXT_COST = 100;

/** Keeps the texts within bounds that selections remember of objects, whatever documents callers make up to have them written. */
export class RememberedTexts {
  private readonly holders = new Set<Holder>();
  private characters = 0;

  constructor(readonly constancy: Constancy) {}

  note(holder: Holder, length: number): void {
    this.holders.add(holder);
    this.characters += length + TEXT_COST;
    if (this.characters <= MAX_CHARACTERS) return;
    for (const one of this.holders) one.forget();
    this.holders.clear();
    this.characters = 0;
  }
}
