/**
 * What the demo model says: a pure answer to a conversation, whatever protocol it came in.
 *
 *     Reply with exactly: X                         → X
 *     Use the NAME tool with this input: {json}     → that call; after its result, the result's text
 *     a forced tool, a JSON schema                  → JSON that fits: from the message, else the smallest
 *     anything else                                 → the last user message again
 *
 * The last user message that holds an instruction counts, until it has been carried out. An answer
 * that the conversation already begins is gone on with.
 */
import { isObject } from '../anthropic/json.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { fits } from './fits.ts'
import { instanceOf } from './instance.ts'
import { instructionOf } from './instruction.ts'
import type { Instruction } from './instruction.ts'
import { findJson } from './json-in-text.ts'

export interface Turn {
  role: 'system' | 'user' | 'assistant' | 'tool'
  text: string
}

export interface Tool {
  name: string
  schema: JsonObject
}

export interface Conversation {
  turns: readonly Turn[]
  tools: readonly Tool[]
  /** `any` and `{ name }` force a call. */
  choice: 'auto' | 'none' | 'any' | { name: string }
  /** The answer must be JSON of this schema. */
  schema?: JsonObject
}

export type Answer =
  | { type: 'text'; text: string }
  | { type: 'call'; name: string; input: JsonObject }

/** What the turns come down to. */
interface Reading {
  instruction?: Instruction | undefined
  /** Of the tool that ran since the instruction, or last of all. */
  result?: string | undefined
  /** What the user said last. */
  message: string
}

/** The demo model's answer. */
export function answer(conversation: Conversation): Answer {
  const reading = read(conversation.turns)
  const tool = toolToCall(conversation, reading)
  if (tool !== undefined) {
    return { type: 'call', name: tool.name, input: inputFor(tool, reading) }
  }
  const { schema } = conversation
  const text = schema === undefined ? replyTo(reading) : JSON.stringify(jsonFor(schema, reading))
  return { type: 'text', text: withoutStart(text, conversation.turns.at(-1)) }
}

/** What is left to say of a text that the last turn begins. */
function withoutStart(text: string, last: Turn | undefined): string {
  const isBegun = last?.role === 'assistant' && text.startsWith(last.text) && text !== last.text
  return isBegun ? text.slice(last.text.length) : text
}

function read(turns: readonly Turn[]): Reading {
  const message = ownText(turns.findLast((turn) => turn.role === 'user')?.text ?? '')
  const at = turns.findLastIndex((turn) => turn.role === 'user' && instructionOf(turn.text))
  const instruction = instructionOf(turns[at]?.text ?? '')
  const since = turns.slice(at + 1)
  const result = since.findLast((turn) => turn.role === 'tool')?.text
  const reply = instruction?.kind === 'say' ? instruction.text : result
  if (instruction === undefined || isCarriedOut(since, reply)) {
    const last = turns.at(-1)
    return { message, result: last?.role === 'tool' ? last.text : undefined }
  }
  return { instruction, result, message }
}

/** A chat goes on: what was said already, and is followed by another message, is not said again. */
function isCarriedOut(since: readonly Turn[], reply: string | undefined): boolean {
  const said = since.findIndex(
    ({ role, text }) => role === 'assistant' && text.trim() === reply?.trim(),
  )
  return said !== -1 && since.slice(said).some((turn) => turn.role === 'user')
}

/** Without what clients add on their own, where that leaves anything. */
function ownText(text: string): string {
  const own = text.replace(/<system-reminder>.*?<\/system-reminder>\s*/gs, '').trim()
  return own || text.trim() || 'Nothing was asked.'
}

function replyTo({ instruction, result, message }: Reading): string {
  if (instruction?.kind === 'say') {
    return instruction.text
  }
  return result?.trim() === '' ? '(empty result)' : (result ?? message)
}

function toolToCall({ tools, choice }: Conversation, reading: Reading): Tool | undefined {
  const { instruction, result } = reading
  const asked = instruction?.kind === 'use' ? findTool(tools, instruction.tool) : undefined
  switch (choice) {
    case 'none':
      return undefined
    case 'auto':
      return result === undefined ? asked : undefined
    case 'any':
      return asked ?? tools[0]
    default:
      return findTool(tools, choice.name)
  }
}

function inputFor(tool: Tool, reading: Reading): JsonObject {
  const { instruction } = reading
  if (
    instruction?.kind === 'use' &&
    findTool([tool], instruction.tool) &&
    isObject(instruction.input)
  ) {
    return instruction.input
  }
  const input = jsonFor(tool.schema, reading)
  return isObject(input) ? input : {}
}

function jsonFor(schema: JsonObject, { instruction, result, message }: Reading): unknown {
  const texts = [instruction?.kind === 'say' ? instruction.text : '', result ?? '', message]
  const found = texts.flatMap(findJson).find((value) => fits(value, schema))
  return found ?? instanceOf(schema)
}

/** By its own name, in any spelling; then by the one it has where the protocol forbids its own. */
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

/** The gateway sends a forbidden name as its start, or all of it, and eight characters of hash. */
function isShortFor(short: string, name: string): boolean {
  const head = short.slice(0, -9)
  return short.at(-9) === '_' && name.startsWith(head) && head.length >= Math.min(name.length, 40)
}
