/** The two instructions that the demo model follows, found in the text of a message. */
import { jsonAt } from './json-in-text.ts'

export type Instruction =
  | { kind: 'say'; text: string }
  /** `input` is undefined where no JSON followed. */
  | { kind: 'use'; tool: string; input: unknown }

/** The last instruction in a text; it may stand anywhere, but not inside another one's JSON. */
export function instructionOf(text: string): Instruction | undefined {
  const say = text.matchAll(/reply with exactly:\s*(\S[^\n]*?)(?=<system-reminder>|\n|$)/gi)
  const use = text.matchAll(/use the ([^\s"'`]+) tool with this input:/gi)
  let last: Instruction | undefined
  let end = 0
  for (const match of [...say, ...use].toSorted((a, b) => a.index - b.index)) {
    const [whole, what = ''] = match
    if (match.index >= end && /^use/i.test(whole)) {
      const json = jsonAt(text, match.index + whole.length)
      last = { kind: 'use', tool: what, input: json?.value }
      end = json?.end ?? end
    } else if (match.index >= end) {
      last = { kind: 'say', text: withoutQuote(what.trim(), text[match.index - 1]) }
    }
  }
  return last
}

/** Clients that quote a whole prompt leave the closing quote behind its last word. */
function withoutQuote(text: string, before: string | undefined): string {
  const quoted = before !== undefined && /["'`]/.test(before) && text.endsWith(before)
  return quoted ? text.slice(0, -1) : text
}
