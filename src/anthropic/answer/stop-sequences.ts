/**
 * Stop sequences for upstreams that have none, or take fewer than the client gave. A filter over
 * parts: text that may be the beginning of a sequence is held back until that is decided, so that a
 * sequence is found across chunk borders and nothing of it is shown.
 */
import type { Part } from './part.ts'

export interface StopFilter {
  /** Takes one part, pushes what may be said. After a match nothing more is pushed. */
  filter: (part: Part, parts: Part[]) => void
}

/** `sequences` must not be empty strings. */
export function createStopFilter(sequences: readonly string[]): StopFilter {
  let held = ''
  let matched = false

  function filterText(text: string, parts: Part[]): void {
    held += text
    const match = firstMatch(held, sequences)
    if (match !== undefined) {
      pushText(held.slice(0, match.at), parts)
      parts.push({ type: 'stop', reason: 'stop_sequence', sequence: match.sequence })
      matched = true
      return
    }
    const keep = undecided(held, sequences)
    pushText(held.slice(0, held.length - keep), parts)
    held = held.slice(held.length - keep)
  }

  return {
    filter(part, parts) {
      if (matched) {
        return
      }
      if (part.type === 'text-delta') {
        filterText(part.text, parts)
        return
      }
      if (part.type !== 'start') {
        pushText(held, parts)
        held = ''
      }
      parts.push(part)
    },
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
