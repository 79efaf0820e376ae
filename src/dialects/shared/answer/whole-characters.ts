/**
 * Text in deltas, whole characters only: some servers cut between the two halves of a surrogate pair
 * (https://github.com/elizaOS/eliza/issues/30904). A trailing half is buffered for the next delta; a
 * half that stays alone becomes U+FFFD.
 */
export class WholeCharacters {
  #half = ''

  /** Takes a delta; returns what of it, and of the half before it, is whole. */
  take(delta: string): string {
    const text = this.#half + delta
    const last = text.charCodeAt(text.length - 1)
    const isCut = last >= 0xd800 && last <= 0xdbff
    this.#half = isCut ? text.slice(-1) : ''
    const whole = isCut ? text.slice(0, -1) : text
    return whole.isWellFormed() ? whole : whole.toWellFormed()
  }

  /** No more will come: what stands for a half that is left, `''` for none. */
  flush(): string {
    const rest = this.#half.toWellFormed()
    this.#half = ''
    return rest
  }
}
