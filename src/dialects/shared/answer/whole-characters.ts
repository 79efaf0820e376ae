/**
 * Keeps surrogate pairs in deltas together, which some servers split
 * (https://github.com/elizaOS/eliza/issues/30904). A trailing high surrogate is buffered for the
 * next delta; a lone surrogate becomes U+FFFD.
 */
export class WholeCharacters {
  #half = ''

  /** Reads a delta; returns its well-formed text, with the buffered surrogate. */
  take(delta: string): string {
    const text = this.#half + delta
    const last = text.charCodeAt(text.length - 1)
    const isCut = last >= 0xd800 && last <= 0xdbff
    this.#half = isCut ? text.slice(-1) : ''
    const complete = isCut ? text.slice(0, -1) : text
    return complete.isWellFormed() ? complete : complete.toWellFormed()
  }

  /** Ends the text: returns U+FFFD for a buffered surrogate, `''` if there is none. */
  flush(): string {
    const rest = this.#half.toWellFormed()
    this.#half = ''
    return rest
  }
}
