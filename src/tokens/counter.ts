/**
 * Adds up the tokens of a text that comes in pieces, as if it came in one: what stands at the seams is
 * counted like any other neighbours. One pass, one table of weights, nothing allocated per character.
 */
import {
  LAST_ASCII_LETTER_CLASS,
  LAST_LETTER_CLASS,
  LONGEST_RUN,
  PAIRS,
  RUNS,
  toCharPairSlot,
  toCharSlot,
  toClass,
  TRIPLES,
} from './slots.ts'

export interface Counter {
  /** Counts a text. */
  add: (text: string) => void
  /** Counts what is no text: an image, the frame of a message. */
  addTokens: (tokens: number) => void
  /** All that was added, not rounded. */
  total: () => number
}

const NEWLINE = 10

/** A counter that stands at the beginning of a line. */
export function createCounter(weights: Float32Array): Counter {
  let sum = 0
  let before = NEWLINE
  let letters = 0
  let group = -1
  let run = 0
  return {
    add(text) {
      // Locals, since V8 keeps those in registers and captured variables in memory.
      let [tokens, last, triple, lastGroup, length] = [0, before, letters, group, run]
      for (let index = 0; index < text.length; index++) {
        const code = text.charCodeAt(index)
        const kind = toClass(code)
        triple = kind <= LAST_ASCII_LETTER_CLASS ? ((triple << 5) | (code & 31)) & 0x7f_ff : 0
        const thisGroup = kind <= LAST_LETTER_CLASS ? 0 : kind
        length = thisGroup === lastGroup ? (length < LONGEST_RUN ? length + 1 : length) : 0
        tokens += at(weights, RUNS + kind * (LONGEST_RUN + 1) + length)
        if (code >= 128) {
          tokens += at(weights, toCharSlot(code)) + at(weights, toCharPairSlot(last, code))
        } else {
          tokens += at(weights, PAIRS + ((last < 128 ? last : 0) << 7) + code)
          if (triple !== 0) {
            tokens += at(weights, TRIPLES + triple)
          }
        }
        lastGroup = thisGroup
        last = code
      }
      sum += tokens
      ;[before, letters, group, run] = [last, triple, lastGroup, length]
    },
    addTokens(tokens) {
      sum += tokens
    },
    total: () => sum,
  }
}

/** Every slot is within the table; this only tells the compiler so. */
function at(weights: Float32Array, slot: number): number {
  return weights[slot] ?? 0
}
