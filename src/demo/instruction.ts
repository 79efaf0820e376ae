/** Finds the three instructions that the demo model follows in the text of a message. */
import { jsonAt } from './find-json.ts'

export type Instruction =
  | { kind: 'reply'; text: string }
  /** `input` is undefined if no JSON followed. */
  | { kind: 'call'; tool: string; input: unknown }

/** The last count, and each may be followed by JSON, which is searched for. */
const maxInstructions = 50

/** Returns the last instruction in a text, except inside the JSON of another one. */
export function instructionOf(text: string): Instruction | undefined {
  const replies = text.matchAll(/reply with exactly:\s*(\S[^\n]*?)(?=<system-reminder>|\n|$)/gi)
  const calls = text.matchAll(/use the ([^\s"'`]+) tool with this input:/gi)
  // The second is how Claude Code asks.
  const searches = text.matchAll(
    /^(?:search the web for|perform a web search for the query:)[^\S\n]+([^\n]+)/gim,
  )
  let last: Instruction | undefined
  let end = 0
  const found = [...replies, ...calls, ...searches].toSorted((a, b) => a.index - b.index)
  for (const match of found.slice(-maxInstructions)) {
    const [whole, what = ''] = match
    if (match.index >= end && /^(?:search|perform)/i.test(whole)) {
      last = { kind: 'call', tool: 'web_search', input: { query: what.trim() } }
    } else if (match.index >= end && /^use/i.test(whole)) {
      const json = jsonAt(text, match.index + whole.length)
      last = { kind: 'call', tool: what, input: json?.value }
      end = json?.end ?? end
    } else if (match.index >= end) {
      last = { kind: 'reply', text: withoutQuote(what.trim(), text[match.index - 1]) }
    }
  }
  return last
}

/** Removes the closing quote that a quoted prompt leaves after its last word. */
function withoutQuote(text: string, before: string | undefined): string {
  const quoted = before !== undefined && /["'`]/.test(before) && text.endsWith(before)
  return quoted ? text.slice(0, -1) : text
}
