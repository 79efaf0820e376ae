/**
 * Stop sequences for upstreams that have none, or take fewer than the client gave. Text that may be the
 * beginning of a sequence is withheld until that is decided, so that a sequence is found across the
 * borders of chunks and nothing of it is sent.
 */
import type { Part } from './part.ts'

/** Filters the parts of one answer. */
export class StopSequenceFilter {
  readonly #sequences: readonly string[]
  #withheld = ''
  #hasMatched = false

  /** `sequences` must not be empty strings. */
  constructor(sequences: readonly string[]) {
    this.#sequences = sequences
  }

  /** Returns the parts that may be sent. After a match there are none. */
  filter(parts: readonly Part[]): Part[] {
    const passed: Part[] = []
    for (const part of parts) {
      if (this.#hasMatched) {
        break
      }
      if (part.type === 'text-delta') {
        this.#filterText(part.text, passed)
      } else {
        if (part.type !== 'start') {
          pushText(this.#withheld, passed)
          this.#withheld = ''
        }
        passed.push(part)
      }
    }
    return passed
  }

  #filterText(text: string, passed: Part[]): void {
    const all = this.#withheld + text
    const match = firstMatch(all, this.#sequences)
    if (match !== undefined) {
      pushText(all.slice(0, match.at), passed)
      passed.push({ type: 'stop', reason: 'stop_sequence', sequence: match.sequence })
      this.#hasMatched = true
      return
    }
    const decided = all.length - undecided(all, this.#sequences)
    pushText(all.slice(0, decided), passed)
    this.#withheld = all.slice(decided)
  }
}

function pushText(text: string, parts: Part[]): void {
  if (text !== '') {
    parts.push({ type: 'text-delta', text })
  }
}

function firstMatch(
  text: string,
  sequences: readonly string[],
): { at: number; sequence: string } | undefined {
  let first: { at: number; sequence: string } | undefined
  for (const sequence of sequences) {
    const at = text.indexOf(sequence)
    if (at >= 0 && (first === undefined || at < first.at)) {
      first = { at, sequence }
    }
  }
  return first
}

/** Length of the longest end of `text` that a sequence may begin with. */
function undecided(text: string, sequences: readonly string[]): number {
  let longest = 0
  for (const sequence of sequences) {
    const from = Math.min(sequence.length - 1, text.length)
    for (let length = from; length > longest; length -= 1) {
      if (text.endsWith(sequence.slice(0, length))) {
        longest = length
      }
    }
  }
  return longest
}
