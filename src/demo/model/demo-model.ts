/**
 * The demo model: a pure function from a conversation, in any protocol, to an answer.
 *
 *     Reply with exactly: X                         → X
 *     Use the NAME tool with this input: {json}     → that call; after its result, the text of the result
 *     … At the same time, use the NAME tool …       → a second call beside it
 *     What is the code word?                        → X of the last “code word is X” in the conversation
 *     Search the web for X                          → a call of web_search; then a summary with sources
 *     a forced tool, a JSON schema                  → JSON that matches: from the message, else the smallest
 *     anything else                                 → the text of the last user message
 *
 * The last user message with an instruction applies until the instruction is carried out. A partial
 * assistant message at the end is continued.
 */
import { isObject } from '../../anthropic/json.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { exampleOf } from './example-value.ts'
import { findJson } from './find-json.ts'
import { codeWordOf, instructionOf } from './instruction.ts'
import type { Instruction } from './instruction.ts'
import { matchesSchema } from './matches-schema.ts'

/** One message of a conversation, as text. */
export interface Turn {
  role: 'system' | 'user' | 'assistant' | 'tool'
  text: string
}

/** A tool that the demo model may call. */
export interface Tool {
  name: string
  schema: JsonObject
}

/** A conversation, in no protocol's terms. */
export interface Conversation {
  turns: readonly Turn[]
  tools: readonly Tool[]
  /** `any` and `{ name }` force a call. */
  choice: 'auto' | 'none' | 'any' | { name: string }
  /** Whether an answer may have several calls. */
  isParallel: boolean
  /** The schema that the answer must match, for structured output. */
  schema?: JsonObject
}

/** A call of a tool by the demo model. */
export interface Call {
  name: string
  input: JsonObject
}

/** What the demo model answers: a text, or calls. */
export type Answer =
  | { type: 'text'; text: string }
  /** The calls, at least one. */
  | { type: 'calls'; calls: readonly Call[] }

/** What the answer depends on. */
interface Reading {
  /** The instruction to follow; one to recall the code word is by now one to reply with it. */
  instruction?: Exclude<Instruction, { kind: 'recall' }> | undefined
  /** The last tool result since the instruction, or at the end of the conversation. */
  result?: string | undefined
  /** The text of the last user message. */
  message: string
}

/** Generates the answer to a conversation. */
export function answer(conversation: Conversation): Answer {
  const reading = read(conversation.turns)
  const calls = callsOf(conversation, reading)
  if (calls.length > 0) {
    return { type: 'calls', calls }
  }
  const { schema } = conversation
  const text = schema === undefined ? replyTo(reading) : JSON.stringify(jsonFor(schema, reading))
  return { type: 'text', text: withoutPrefix(text, conversation.turns.at(-1)) }
}

/** The rest of a text that starts with the last assistant turn. */
function withoutPrefix(text: string, last: Turn | undefined): string {
  const isPrefix = last?.role === 'assistant' && text.startsWith(last.text) && text !== last.text
  return isPrefix ? text.slice(last.text.length) : text
}

function read(turns: readonly Turn[]): Reading {
  const message = ownText(turns.findLast((turn) => turn.role === 'user')?.text ?? '')
  const at = turns.findLastIndex((turn) => turn.role === 'user' && instructionOf(turn.text))
  const instruction = carryOut(instructionOf(turns[at]?.text ?? ''), turns)
  const since = turns.slice(at + 1)
  const result = toResult(since.findLast((turn) => turn.role === 'tool'))
  const reply = instruction?.kind === 'reply' ? instruction.text : result
  if (instruction === undefined || isCarriedOut(since, reply)) {
    const last = turns.at(-1)
    return { message, result: last?.role === 'tool' ? toResult(last) : undefined }
  }
  return { instruction, result, message }
}

function carryOut(
  instruction: Instruction | undefined,
  turns: readonly Turn[],
): Reading['instruction'] {
  return instruction?.kind === 'recall'
    ? { kind: 'reply', text: codeWordOf(turns) ?? 'I know of no code word.' }
    : instruction
}

/** A tool's result as the reply to it: search results are summarized. */
function toResult(turn: Turn | undefined): string | undefined {
  return turn && (summarizeResults(turn.text) ?? turn.text)
}

/** Whether the reply was already given and followed by another user message. */
function isCarriedOut(since: readonly Turn[], reply: string | undefined): boolean {
  const index = since.findIndex(
    ({ role, text }) => role === 'assistant' && isSameText(text, reply ?? ''),
  )
  return index !== -1 && since.slice(index).some((turn) => turn.role === 'user')
}

/** The text without the reminders that clients add, unless nothing else is left. */
function ownText(text: string): string {
  return withoutReminders(text).trim() || text.trim() || 'Nothing was asked.'
}

const [opening, closing] = ['<system-reminder>', '</system-reminder>']

function withoutReminders(text: string): string {
  let own = ''
  let at = 0
  for (;;) {
    const start = text.indexOf(opening, at)
    const end = start === -1 ? -1 : text.indexOf(closing, start)
    if (end === -1) {
      return own + text.slice(at)
    }
    own += text.slice(at, start)
    at = end + closing.length
  }
}

function replyTo({ instruction, result, message }: Reading): string {
  if (instruction?.kind === 'reply') {
    return instruction.text
  }
  return result?.trim() === '' ? '(empty result)' : (result ?? message)
}

function callsOf({ tools, choice, isParallel }: Conversation, reading: Reading): Call[] {
  const requested = requestedCalls(tools, reading)
  return choose(requested, { tools, choice, isAnswered: reading.result !== undefined })
    .slice(0, isParallel ? undefined : 1)
    .map(({ tool, input }) => ({ name: tool.name, input: inputFor(tool, input, reading) }))
}

interface RequestedCall {
  tool: Tool
  input: unknown
}

/** The calls of the instruction whose tools are offered. */
function requestedCalls(tools: readonly Tool[], { instruction }: Reading): RequestedCall[] {
  return (instruction?.kind === 'call' ? instruction.calls : []).flatMap((call) => {
    const tool = findTool(tools, call.tool)
    return tool === undefined ? [] : [{ tool, input: call.input }]
  })
}

/** The calls to make: as asked, unless the choice of tools excludes them. */
function choose(
  requested: readonly RequestedCall[],
  { tools, choice, isAnswered }: Pick<Conversation, 'tools' | 'choice'> & { isAnswered: boolean },
): readonly RequestedCall[] {
  if (choice === 'none' || choice === 'auto') {
    return choice === 'none' || isAnswered ? [] : requested
  }
  const forced = choice === 'any' ? tools[0] : findTool(tools, choice.name)
  const allowed = choice === 'any' ? requested : requested.filter(({ tool }) => tool === forced)
  return allowed.length > 0 || forced === undefined ? allowed : [{ tool: forced, input: undefined }]
}

/** The input that was asked for, or one that matches the tool's schema. */
function inputFor(tool: Tool, requested: unknown, reading: Reading): JsonObject {
  const input = isObject(requested) ? requested : jsonFor(tool.schema, reading)
  return isObject(input) ? input : {}
}

function jsonFor(schema: JsonObject, { instruction, result, message }: Reading): unknown {
  const texts = [instruction?.kind === 'reply' ? instruction.text : '', result ?? '', message]
  const found = texts.flatMap(findJson).find((value) => matchesSchema(value, schema))
  return found ?? exampleOf(schema)
}

/** Finds a tool by its exact name, by a normalized one, or by a name that the gateway shortened. */
function findTool(tools: readonly Tool[], name: string): Tool | undefined {
  const plain = plainName(name)
  return (
    tools.find((tool) => tool.name === name) ??
    tools.find((tool) => plainName(tool.name) === plain) ??
    tools.find((tool) => isShortFor(plainName(tool.name), plain))
  )
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '_')
}

/** Whether `short` is a name as the gateway shortens invalid ones: a prefix and eight characters of hash. */
function isShortFor(short: string, name: string): boolean {
  const head = short.slice(0, -9)
  return short.at(-9) === '_' && name.startsWith(head) && head.length >= Math.min(name.length, 40)
}

const maxSentences = 3

/**
 * Summarizes results in the form in which the gateway sends them to models; undefined for any other
 * text.
 */
function summarizeResults(text: string): string | undefined {
  const sentences = text.split('\n\n').flatMap((result) => {
    const [, number, rest = ''] = /^\[(\d+)\] [^\n]*\nURL: ([\s\S]*)$/.exec(result) ?? []
    const sentence = /^[A-Z][^\n]*?[.!?](?=\s|$)/m.exec(rest.replace(/^Date: .*$/m, ''))?.[0]
    return number === undefined || sentence === undefined ? [] : [`${sentence}[${number}]`]
  })
  return sentences.length === 0 ? undefined : sentences.slice(0, maxSentences).join(' ')
}

/** Whether two texts differ in nothing but numbers of sources and white space. */
function isSameText(one: string, other: string): boolean {
  return withoutSources(one) === withoutSources(other)
}

function withoutSources(text: string): string {
  return text.replace(/\[\d+\]|\s+/g, '')
}
