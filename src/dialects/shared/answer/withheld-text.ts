/**
 * Withholds the last paragraph of a text whose citations are known only after it: the blocks of a search
 * then come before it, and its sources are cited where it is.
 */

/** A longer paragraph is withheld from its last part only. */
const maxWithheld = 4000
const partWithheld = 400

/** Text that is withheld until its citations are known. */
export class WithheldText {
  readonly #isWhole: boolean
  #sent = ''
  #withheld = ''

  /** `isWhole`: nothing is passed on before {@link flush}, since the answer is not streamed. */
  constructor(isWhole: boolean) {
    this.#isWhole = isWhole
  }

  /** All of the text so far. */
  get all(): string {
    return this.#sent + this.#withheld
  }

  /** The length of what has been passed on. */
  get sent(): number {
    return this.#sent.length
  }

  /** Takes text and returns what can be passed on. */
  take(text: string): string {
    this.#withheld += text
    return this.#isWhole ? '' : this.#pass(findEnd(this.#withheld))
  }

  /** Returns what is withheld. */
  flush(): string {
    return this.#pass(this.#withheld.length)
  }

  #pass(end: number): string {
    const passed = this.#withheld.slice(0, end)
    this.#sent += passed
    this.#withheld = this.#withheld.slice(end)
    return passed
  }
}

/** The end of the part of a text that need not be withheld. */
function findEnd(text: string): number {
  const paragraph = text.trimEnd().lastIndexOf('\n\n')
  if (paragraph >= 0) {
    return paragraph + 2
  }
  return text.length > maxWithheld ? text.length - partWithheld : 0
}
