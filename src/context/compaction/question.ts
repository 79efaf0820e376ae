/** The question for a summary: the conversation itself, with an instruction at its end. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../anthropic/json.ts'

const maxTokens = 8192

const defaultInstructions = `Your context is about to be replaced by a summary, which you write now. Who continues has the summary and nothing else of this conversation, so that it must contain everything needed to go on:
1. What the user wants. Quote the last request in full, and other requests where their words matter.
2. Decisions, constraints and preferences, with their reasons.
3. What was done and found so far: names, paths, numbers, URLs, commands and errors exactly as they occurred.
4. The state at this moment, and the next steps.
5. What is still open.`

const frame = `Do not call tools, and do not continue the work. Write in the language of the conversation, and put the summary between <summary> and </summary>.`

/**
 * The body of a Messages request. System prompt, tools and messages are the client's, so that the
 * provider's prompt cache is used. `model`: its name in the catalog.
 */
export function toQuestion(
  json: JsonObject,
  {
    model,
    instructions = defaultInstructions,
  }: { model: string; instructions?: string | undefined },
): JsonObject {
  const { system, tools, messages, inference_geo } = json
  const text = `${instructions}\n\n${frame}`
  return {
    model,
    max_tokens: maxTokens,
    ...(system === undefined ? {} : { system }),
    ...(inference_geo === undefined ? {} : { inference_geo }),
    ...(asArray(tools).length === 0 ? {} : { tools, tool_choice: { type: 'none' } }),
    messages: [...asArray(messages), { role: 'user', content: [{ type: 'text', text }] }],
  }
}

/** The summary in an answer; undefined where that is not complete, or empty. */
export function readSummary(message: unknown): string | undefined {
  const { content, stop_reason: reason } = asObject(message) ?? {}
  if (reason !== 'end_turn' && reason !== 'stop_sequence') {
    return undefined
  }
  const text = asArray(content)
    .filter(isObject)
    .map((block) => asString(block['text']) ?? '')
    .join('')
  const start = text.indexOf('<summary>')
  const end = text.lastIndexOf('</summary>')
  const summary =
    start === -1 ? text : text.slice(start + '<summary>'.length, end > start ? end : undefined)
  return summary.trim() === '' ? undefined : summary.trim()
}
