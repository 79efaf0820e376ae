/**
 * Removes the Markdown fence around requested JSON, since clients parse the whole text. Any other
 * text is not changed.
 *
 *   leading ──opening fence──▶ fenced          leading ──other text──▶ plain
 */
export class JsonFence {
  #phase: 'leading' | 'fenced' | 'plain' = 'leading'
  /** Text that may be part of a fence. */
  #buffered = ''

  /** Whether the text has a fence. */
  get isFenced(): boolean {
    return this.#phase === 'fenced'
  }

  /** Reads a delta; returns the text that is known not to be a fence. */
  take(delta: string): string {
    if (this.#phase === 'plain') {
      return delta
    }
    this.#buffered += delta
    if (this.#phase === 'leading') {
      this.#phase = this.#readLeading()
    }
    return this.#release(this.#releasable())
  }

  /** Ends the text: returns what is buffered, without a closing fence. */
  flush(): string {
    const rest = this.#release(this.#buffered.length)
    return this.#phase === 'fenced' && /^\s*(?:```\s*)?$/.test(rest) ? '' : rest
  }

  #readLeading(): 'leading' | 'fenced' | 'plain' {
    const text = this.#buffered.trimStart()
    const opening = /^```[a-z]*[ \t]*\r?\n/i.exec(text)
    if (opening !== null) {
      this.#buffered = text.slice(opening[0].length)
      return 'fenced'
    }
    return /^`{0,2}$|^```[a-z]*[ \t]*\r?$/i.test(text) ? 'leading' : 'plain'
  }

  #releasable(): number {
    switch (this.#phase) {
      case 'leading':
        return 0
      case 'fenced':
        return fenceStart(this.#buffered)
      case 'plain':
        return this.#buffered.length
    }
  }

  #release(length: number): string {
    const text = this.#buffered.slice(0, length)
    this.#buffered = this.#buffered.slice(length)
    return text
  }
}

/** The index at which a closing fence, or a prefix of one, may start at the end of a text. */
function fenceStart(text: string): number {
  const withoutFence = text.trimEnd().replace(/`{1,3}$/, '')
  return withoutFence.trimEnd().length
}
