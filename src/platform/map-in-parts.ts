import { append } from './append.ts'

/** Calls `map` with all items, so many at a time; returns the values in the order of the items. */
export async function mapInParts<Item, Value>(
  items: readonly Item[],
  size: number,
  map: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = []
  for (let at = 0; at < items.length; at += size) {
    append(values, await Promise.all(items.slice(at, at + size).map(map)))
  }
  return values
}
