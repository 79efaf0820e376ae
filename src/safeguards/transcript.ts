/**
 * What of a conversation a classifier sees: what the user wrote and what the agent called, as lines of JSON.
 * Neither results of tools nor the agent's own words are in it, since both can be written by others in
 * order to persuade the classifier.
 */
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asObject, asString } from '../anthropic/json.ts'

/**
 * The length in characters. The user's first message describes the task; of the rest, the newest is
 * kept.
 */
const maxLength = 24_000
const maxOpening = 4000
const maxEntry = 2000

/** The transcript of `messages` as a client sent them. */
export function toTranscript(messages: unknown): string {
  const all = asArray(messages)
  const opening = all.findIndex((message) => asObject(message)?.['role'] === 'user')
  const lines = toLines(all[opening], maxOpening)
  let remaining = maxLength - lengthOf(lines)
  const newest: string[] = []
  for (let index = all.length - 1; index > opening && remaining > 0; index--) {
    for (const line of toLines(all[index], maxEntry).toReversed()) {
      remaining -= line.length + 1
      newest.push(remaining > 0 ? line : JSON.stringify({ left_out: 'what came before' }))
      if (remaining <= 0) {
        break
      }
    }
  }
  return [...lines, ...newest.toReversed()].join('\n')
}

function toLines(message: unknown, max: number): string[] {
  const { role, content } = asObject(message) ?? {}
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : asArray(content)
  return blocks.flatMap((block) => {
    const entry = toEntry(role, asObject(block) ?? {}, max)
    return entry === undefined ? [] : [JSON.stringify(entry)]
  })
}

function toEntry(role: unknown, block: JsonObject, max: number): object | undefined {
  if (role === 'user' && block['type'] === 'text') {
    return { user: clip(asString(block['text']) ?? '', max) }
  }
  if (role === 'assistant' && block['type'] === 'tool_use') {
    return { call: block['name'], input: clip(JSON.stringify(block['input'] ?? {}), max) }
  }
  return undefined
}

function clip(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)} [${text.length - max} more characters]`
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, { length }) => sum + length + 1, 0)
}
