/** Appends items. A spread would make each an argument of a call, and a hundred thousand overflow the stack. */
export function append<Item>(target: Item[], items: Iterable<Item>): void {
  for (const item of items) {
    target.push(item)
  }
}
