/** What a complete text has beyond the deltas that were read of it. Where the two disagree, the deltas count. */
export function remainingText(whole: string, deltas: string): string {
  return whole.startsWith(deltas) ? whole.slice(deltas.length) : ''
}
