/**
 * The text that a complete text has after its deltas; `''` if they disagree, since the deltas were
 * sent.
 */
export function remainingText(whole: string, deltas: string): string {
  return whole.startsWith(deltas) ? whole.slice(deltas.length) : ''
}
