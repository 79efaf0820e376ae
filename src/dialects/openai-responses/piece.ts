/** A piece of an item, as deltas bring them, and whole parts that repeat what deltas said. */

export interface TextPiece {
  text: string
  /** It is all of its part, and not what comes next of it. */
  isWhole: boolean
}

/** What of a piece was not said before. Where the two disagree, what was said stands. */
export function unsaid({ text, isWhole }: TextPiece, said: string): string {
  if (!isWhole) {
    return text
  }
  return text.startsWith(said) ? text.slice(said.length) : ''
}
