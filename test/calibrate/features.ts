/** What the counter sees in a text, as the numbers of the weights that it would add up. */
import {
  asciiClasses,
  longestRun,
  featureCounts,
  toCharSlot,
  toWideClass,
} from '../../src/tokens/features.ts'

/** Where each kind of sight begins when all are numbered in one row. */
export const FIRST = {
  pairs: 0,
  chars: featureCounts.pairs,
  runs: featureCounts.pairs + featureCounts.chars,
} as const satisfies Record<keyof typeof featureCounts, number>
export const ALL = FIRST.runs + featureCounts.runs

/** The features of a text, each as often as it is met: the same ones that `createCounter` adds up. */
export function toSights(text: string): number[] {
  const features: number[] = []
  let [last, kind, length] = [10, 0, 0]
  for (const character of text) {
    const code = character.codePointAt(0)!
    const before = kind
    kind = code < 128 ? asciiClasses[code]! : toWideClass(code)
    length = kind === before ? Math.min(length + 1, longestRun) : 0
    features.push(FIRST.runs + kind * (longestRun + 1) + length)
    if (code < 128) {
      features.push(FIRST.pairs + (last << 7) + code)
      last = code
    } else {
      features.push(FIRST.chars + toCharSlot(code))
      last = 0
    }
  }
  return features
}
