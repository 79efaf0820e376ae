/**
 * The text that a complete text has after its deltas; `''` if they disagree, since the deltas were
 * sent.
 */
export function remainingText(fullText: string, deltas: string): string {
  return fullText.startsWith(deltas) ? fullText.slice(deltas.length) : ''
}
