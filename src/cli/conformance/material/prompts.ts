/**
 * Prompts that have one right answer, for any model; scripted upstreams understand the same sentences
 * (src/demo/model/demo-model.ts).
 */
import type { JsonObject } from '../../../anthropic/json.ts'

/** A user message. */
export function user(...content: (string | JsonObject)[]): JsonObject {
  return { role: 'user', content: content.map(toBlock) }
}

/** Makes an assistant message of texts and blocks. */
export function assistant(...content: (string | JsonObject)[]): JsonObject {
  return { role: 'assistant', content: content.map(toBlock) }
}

function toBlock(piece: string | JsonObject): JsonObject {
  return typeof piece === 'string' ? { type: 'text', text: piece } : piece
}

/** Asks for a text, word for word; it must not have line breaks. */
export function say(text: string): string {
  return `Reply with exactly: ${text}`
}

/** Asks for one call of a tool. */
export function use(tool: string, input: object): string {
  return `Use the ${tool} tool with this input: ${JSON.stringify(input)}`
}

/** Asks for two calls in one answer. */
export function useBoth(one: string, other: string): string {
  return `${one}\nAt the same time, use${other.slice('Use'.length)}\nMake both calls in the same answer.`
}

/** States the word that {@link recall} asks for. */
export function codeWord(word: string): string {
  return `The code word is ${word}.`
}

/** A prompt that asks for the code word of the conversation. */
export const recall = 'What is the code word? Answer with the code word alone.'

/** A result of a call. */
export function result(id: unknown, content: unknown, fields: JsonObject = {}): JsonObject {
  return { type: 'tool_result', tool_use_id: id, content, ...fields }
}

/** A text of about that many tokens, other than any other text of a run. */
export function filler(tokens: number, seed = ''): string {
  const words = ['river', 'stone', 'maple', 'cloud', 'amber', 'field', 'north', 'candle']
  return `${seed} ${Array.from({ length: tokens }, (_, at) => words[(at * 7 + (at >> 3)) % words.length]).join(' ')}`
}
