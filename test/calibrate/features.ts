/** What the counter sees in a text, as the numbers of the weights that it would add up. */
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
} from '../../src/tokens/slots.ts'

/** The slots of a text, as often as each is met; the same ones that `createCounter` adds up. */
export function toSlots(text: string): number[] {
  const slots: number[] = []
  let [last, triple, lastGroup, length] = [10, 0, -1, 0]
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const kind = toClass(code)
    triple = kind <= LAST_ASCII_LETTER_CLASS ? ((triple << 5) | (code & 31)) & 0x7f_ff : 0
    const group = kind <= LAST_LETTER_CLASS ? 0 : kind
    length = group === lastGroup ? Math.min(length + 1, LONGEST_RUN) : 0
    slots.push(RUNS + kind * (LONGEST_RUN + 1) + length)
    if (code >= 128) {
      slots.push(toCharSlot(code), toCharPairSlot(last, code))
    } else {
      slots.push(PAIRS + ((last < 128 ? last : 0) << 7) + code)
      if (triple !== 0) {
        slots.push(TRIPLES + triple)
      }
    }
    lastGroup = group
    last = code
  }
  return slots
}
