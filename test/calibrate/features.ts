/** What the counter sees in a text, as the numbers of the weights that it would add up. */
import {
  ASCII_CLASSES,
  LETTERS,
  LONGEST_RUN,
  SIZES,
  toCharPairSlot,
  toCharSlot,
  toWideClass,
} from '../../src/tokens/sights.ts'

/** Where each kind of sight begins when all are numbered in one row. */
export const FIRST = {
  pairs: 0,
  triples: SIZES.pairs,
  chars: SIZES.pairs + SIZES.triples,
  charPairs: SIZES.pairs + SIZES.triples + SIZES.chars,
  runs: SIZES.pairs + SIZES.triples + SIZES.chars + SIZES.charPairs,
} as const satisfies Record<keyof typeof SIZES, number>
export const ALL = FIRST.runs + SIZES.runs

/** The sights of a text, each as often as it is met: the same ones that `createCounter` adds up. */
export function toSights(text: string): number[] {
  const sights: number[] = []
  let [last, letters, kind, length] = [10, 0, 0, 0]
  for (const character of text) {
    const code = character.codePointAt(0)!
    const before = kind
    kind = code < 128 ? ASCII_CLASSES[code]! : toWideClass(code)
    letters = code < 128 ? ((letters << 5) | LETTERS[code]!) & 0x7f_ff : 0
    length = kind === before ? Math.min(length + 1, LONGEST_RUN) : 0
    sights.push(FIRST.runs + kind * (LONGEST_RUN + 1) + length)
    if (code < 128) {
      sights.push(FIRST.pairs + ((last & 127) << 7) + code, FIRST.triples + letters)
      last = code
    } else {
      sights.push(FIRST.chars + toCharSlot(code), FIRST.charPairs + toCharPairSlot(last, code))
      last = code << 7
    }
  }
  return sights
}
