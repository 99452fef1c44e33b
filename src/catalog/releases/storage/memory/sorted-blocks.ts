/** Large enough that there are few blocks, small enough that moving the rest of one is next to nothing. */
const BLOCK_SIZE = 512;
/** Of a block where more will come in between, or the first insertion into each would split it. */
const FILLED = BLOCK_SIZE * 0.75;
/** Of a list, until it is worth looking through all of it for what is not wanted any more. */
const UNWANTED_SHARE = 1 / 8;

export type Compare<Item> = (a: Item, b: Item) => number;

/** A sorted list in blocks, so that an insertion moves a block at most. No two items are equal in its order. */
export class SortedBlocks<Item> {
  private blocks: Item[][] = [];
  private count = 0;
  private unwanted = 0;

  constructor(private readonly compare: Compare<Item>) {}

  /** With what is not wanted any more, as long as it is there. */
  get size(): number {
    return this.count;
  }

  /**
   * Replaces all of it by what is in order already.
   * @param hasRoom whether more will come between these: an array that grows is copied, and a release touches half of all blocks.
   */
  fill(sorted: readonly Item[], hasRoom = false): void {
    this.count = sorted.length;
    this.unwanted = 0;
    this.blocks = [];
    const size = hasRoom ? FILLED : BLOCK_SIZE;
    for (let start = 0; start < sorted.length; start += size) {
      const block = sorted.slice(start, start + BLOCK_SIZE);
      // An array that is made shorter by less than a half keeps its room.
      if (block.length > size) block.length = size;
      this.blocks.push(block);
    }
  }

  /** Adds what comes after all that is there. */
  append(item: Item): void {
    const last = this.blocks[this.blocks.length - 1];
    if (last && last.length < BLOCK_SIZE) last.push(item);
    else this.blocks.push([item]);
    this.count++;
  }

  /** False if it is there. */
  add(item: Item): boolean {
    return this.insert(item, this.blockFor(item, 0), null);
  }

  /**
   * Adds what is in order itself, one item a step: that way each is looked for near the one before.
   * @param neighbourOf what an item may well come right after.
   */
  *addAll(sorted: readonly Item[], neighbourOf: (item: Item) => Item | null = none): Generator<void> {
    let number = 0;
    for (const item of sorted) {
      number = this.blockFor(item, number);
      this.insert(item, number, neighbourOf(item));
      yield;
    }
  }

  /** Tells that so many more of its items are not wanted. They are left out when they have become many, a block a step; nothing may be added before the last one. */
  *drop(count: number, isWanted: (item: Item) => boolean): Generator<void> {
    this.unwanted += count;
    if (this.unwanted > this.count * UNWANTED_SHARE) yield* this.retain(isWanted);
  }

  /** Leaves out all that is not wanted at once, in the same way. */
  *retain(isWanted: (item: Item) => boolean): Generator<void> {
    const blocks: Item[][] = [];
    for (const block of this.blocks) {
      // Whoever walks the list meanwhile walks the blocks as they are.
      const wanted = block.every(isWanted) ? block : block.filter(isWanted);
      const last = blocks[blocks.length - 1];
      if (last && last.length + wanted.length <= FILLED) blocks[blocks.length - 1] = last.concat(wanted);
      else if (wanted.length > 0) blocks.push(wanted);
      yield;
    }
    this.blocks = blocks;
    this.count = blocks.reduce((sum, { length }) => sum + length, 0);
    this.unwanted = 0;
  }

  /**
   * Visits in ascending order until `visit` answers false.
   * @param isBefore which items come before the first to be visited; must hold for a beginning of the list.
   */
  ascend(isBefore: ((item: Item) => boolean) | null, visit: (item: Item) => boolean): void {
    let number = isBefore ? this.blockOf(isBefore) : 0;
    let place = isBefore ? firstNot(this.blocks[number] ?? [], isBefore) : 0;
    for (; number < this.blocks.length; number++, place = 0) {
      const block = this.blocks[number] ?? [];
      for (; place < block.length; place++) if (!visit(block[place] as Item)) return; // Within the bounds.
    }
  }

  /**
   * Visits in descending order until `visit` answers false.
   * @param isBefore which items come before all that are passed over: the last of them is visited first. Null passes over none.
   */
  descend(isBefore: ((item: Item) => boolean) | null, visit: (item: Item) => boolean): void {
    let number = isBefore ? Math.min(this.blockOf(isBefore), this.blocks.length - 1) : this.blocks.length - 1;
    let place = (isBefore ? firstNot(this.blocks[number] ?? [], isBefore) : (this.blocks[number]?.length ?? 0)) - 1;
    for (; number >= 0; number--, place = (this.blocks[number]?.length ?? 0) - 1) {
      const block = this.blocks[number] ?? [];
      for (; place >= 0; place--) if (!visit(block[place] as Item)) return; // Within the bounds.
    }
  }

  /** The first block whose last item is not before; the number of blocks if there is none. */
  private blockOf(isBefore: (item: Item) => boolean): number {
    return firstNot(this.blocks, (block) => isBefore(block[block.length - 1] as Item)); // No block is empty.
  }

  /** The block that an item belongs to, which is not one before `from`: soon found if it is near, since items far apart in memory are slow to look at. */
  private blockFor(item: Item, from: number): number {
    const last = Math.max(this.blocks.length - 1, 0);
    let [low, high] = [from, from];
    for (let step = 1; high < last && this.endsBefore(high, item); step *= 2) {
      low = high + 1;
      high = Math.min(high + step, last);
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.endsBefore(middle, item)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private endsBefore(number: number, item: Item): boolean {
    const block = this.blocks[number] ?? [];
    return this.compare(block[block.length - 1] as Item, item) < 0; // No block is empty.
  }

  /** The place in a block of the first item that is not before this one. */
  private placeIn(block: readonly Item[], item: Item): number {
    let [low, high] = [0, block.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(block[middle] as Item, item) < 0)
        low = middle + 1; // Within the bounds.
      else high = middle;
    }
    return low;
  }

  /** Looking for a neighbour looks at no items but that one and the next, which are far apart in memory. */
  private placeBeside(block: readonly Item[], item: Item, neighbour: Item): number | null {
    const place = block.indexOf(neighbour) + 1;
    if (place === 0 || this.compare(neighbour, item) >= 0) return null;
    return place === block.length || this.compare(block[place] as Item, item) >= 0 ? place : null; // Within the bounds.
  }

  private insert(item: Item, number: number, neighbour: Item | null): boolean {
    const block = (this.blocks[number] ??= []);
    const place = (neighbour === null ? null : this.placeBeside(block, item, neighbour)) ?? this.placeIn(block, item);
    const next = block[place];
    if (next !== undefined && this.compare(next, item) === 0) return false;
    this.count++;
    if (block.length < BLOCK_SIZE) {
      block.splice(place, 0, item);
      return true;
    }
    const rest = block.splice(BLOCK_SIZE / 2);
    this.blocks.splice(number + 1, 0, rest);
    if (place <= block.length) block.splice(place, 0, item);
    else rest.splice(place - block.length, 0, item);
    return true;
  }
}

function none(): null {
  return null;
}

/** The first place in a sorted array of which `isBefore` no longer holds. */
export function firstNot<Item>(items: readonly Item[], isBefore: (item: Item) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(items[middle] as Item))
      low = middle + 1; // Within the bounds.
    else high = middle;
  }
  return low;
}
