/**
 * A map that never holds more than `maxWeight` together, nor more than `maxCount` things: what was not asked for the longest goes first.
 * What is too heavy on its own is not kept at all.
 */
export class BoundedMap<Value> {
  // A Map remembers the order in which things were put; what is asked for is put again.
  private readonly entries = new Map<string, { readonly value: Value; readonly weight: number }>();
  private weight = 0;

  constructor(private readonly limits: { readonly maxCount: number; readonly maxWeight: number; readonly weigh: (value: Value, key: string) => number }) {}

  get size(): number {
    return this.entries.size;
  }

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: Value): void {
    this.delete(key);
    const weight = this.limits.weigh(value, key);
    if (weight > this.limits.maxWeight) return;
    this.entries.set(key, { value, weight });
    this.weight += weight;
    if (!this.isFull()) return;
    for (const oldest of this.entries.keys()) {
      this.delete(oldest);
      if (!this.isFull()) break;
    }
  }

  private isFull(): boolean {
    return this.weight > this.limits.maxWeight || this.entries.size > this.limits.maxCount;
  }

  delete(key: string): boolean {
    const entry = this.entries.get(key);
    if (entry) this.weight -= entry.weight;
    return this.entries.delete(key);
  }
}
