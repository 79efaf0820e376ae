/** Finds the instructions that the demo model follows in the text of a message. */
import { jsonAt } from './find-json.ts'

/** What a prompt instructs the demo model to do. */
export type Instruction =
  | { kind: 'reply'; text: string }
  | { kind: 'call'; calls: readonly CallInstruction[] }
  | { kind: 'recall' }

/** A call that a prompt asks for. */
export interface CallInstruction {
  tool: string
  /** Undefined if no JSON followed. */
  input: unknown
}

/** The last count, and each may be followed by JSON, which is searched for. */
const maxInstructions = 50

const forms = [
  /(?<reply>reply with exactly):\s*(\S[^\n]*?)(?=<system-reminder>|\n|$)/gi,
  /(?<call>use) the ([^\s"'`]+) tool with this input:/gi,
  // The second is how Claude Code asks.
  /^(?<search>search the web for|perform a web search for the query:)[^\S\n]([^\n]+)/gim,
  /(?<recall>what is the code word)/gi,
]

/** Returns the last instruction in a text, except inside the JSON of another one. */
export function instructionOf(text: string): Instruction | undefined {
  let last: Instruction | undefined
  let end = 0
  const found = forms
    .flatMap((form) => [...text.matchAll(form)])
    .toSorted((a, b) => a.index - b.index)
  for (const match of found.slice(-maxInstructions)) {
    if (match.index < end) {
      continue
    }
    const [matched, , what = ''] = match
    if (match.groups?.['call'] !== undefined) {
      const json = jsonAt(text, match.index + matched.length)
      const call = { tool: what, input: json?.value }
      last = { kind: 'call', calls: [...precedingCalls(last, text.slice(0, match.index)), call] }
      end = json?.end ?? end
    } else {
      last = toInstruction(match.groups ?? {}, what.trim(), text[match.index - 1])
    }
  }
  return last
}

function toInstruction(
  { reply, recall }: Record<string, string | undefined>,
  what: string,
  before: string | undefined,
): Instruction {
  if (recall !== undefined) {
    return { kind: 'recall' }
  }
  return reply === undefined
    ? { kind: 'call', calls: [{ tool: 'web_search', input: { query: what } }] }
    : { kind: 'reply', text: withoutQuote(what, before) }
}

/** The word that the last “code word is WORD” of the conversation names. */
export function codeWordOf(turns: readonly { text: string }[]): string | undefined {
  return turns.flatMap(({ text }) => [...text.matchAll(/code word is "?(\w{1,100})/gi)]).at(-1)?.[1]
}

/** The calls of the instruction before, if the one that follows `before` is to be carried out with them. */
function precedingCalls(last: Instruction | undefined, before: string): readonly CallInstruction[] {
  return last?.kind === 'call' && /at the same time,\s$/i.test(before.slice(-20)) ? last.calls : []
}

/** Removes the closing quote that a quoted prompt leaves after its last word. */
function withoutQuote(text: string, before: string | undefined): string {
  const quoted = before !== undefined && /["'`]/.test(before) && text.endsWith(before)
  return quoted ? text.slice(0, -1) : text
}
