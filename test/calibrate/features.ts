/** What the counter sees in a text, as the numbers of the weights that it would add up. */
import {
  ASCII_CLASSES,
  LONGEST_RUN,
  SIZES,
  toCharSlot,
  toWideClass,
} from '../../src/tokens/sights.ts'

/** Where each kind of sight begins when all are numbered in one row. */
export const FIRST = {
  pairs: 0,
  chars: SIZES.pairs,
  runs: SIZES.pairs + SIZES.chars,
} as const satisfies Record<keyof typeof SIZES, number>
export const ALL = FIRST.runs + SIZES.runs

/** The sights of a text, each as often as it is met: the same ones that `createCounter` adds up. */
export function toSights(text: string): number[] {
  const sights: number[] = []
  let [last, kind, length] = [10, 0, 0]
  for (const character of text) {
    const code = character.codePointAt(0)!
    const before = kind
    kind = code < 128 ? ASCII_CLASSES[code]! : toWideClass(code)
    length = kind === before ? Math.min(length + 1, LONGEST_RUN) : 0
    sights.push(FIRST.runs + kind * (LONGEST_RUN + 1) + length)
    if (code < 128) {
      sights.push(FIRST.pairs + (last << 7) + code)
      last = code
    } else {
      sights.push(FIRST.chars + toCharSlot(code))
      last = 0
    }
  }
  return sights
}
