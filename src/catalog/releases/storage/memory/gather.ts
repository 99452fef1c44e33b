/** The items by what they have in common, each group in their order; null = nothing. Neighbours that are alike cost one look, and no more room than they take. */
export function gather<Item, Value>(items: readonly Item[], valueOf: (item: Item) => Value | null): Map<Value, Item[]> {
  const gathered = new Map<Value, Item[]>();
  let value: Value | null = null;
  let start = 0;
  for (let end = 0; end <= items.length; end++) {
    const next = end < items.length ? valueOf(items[end] as Item) : null; // Within the bounds.
    if (next === value && end < items.length) continue;
    if (value !== null) add(gathered, value, items, start, end);
    value = next;
    start = end;
  }
  return gathered;
}

function add<Item, Value>(gathered: Map<Value, Item[]>, value: Value, items: readonly Item[], start: number, end: number): void {
  const known = gathered.get(value);
  if (known)
    for (let place = start; place < end; place++) known.push(items[place] as Item); // Within the bounds.
  else gathered.set(value, items.slice(start, end));
}
