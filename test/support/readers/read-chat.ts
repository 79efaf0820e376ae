/** Reads answers of chat completions into parts, with signatures opened so that they can be compared. */
import type { Part } from '../../../src/anthropic/answer/part.ts'
import { readSignature } from '../../../src/anthropic/signature.ts'
import type { ReadContext, DialectTarget, UpstreamEvent } from '../../../src/dialects/dialect.ts'
import type { ChatQuirks } from '../../../src/dialects/openai-chat/quirks.ts'
import { defaultChatQuirks } from '../../../src/dialects/openai-chat/quirks.ts'
import { readReply } from '../../../src/dialects/openai-chat/response/reply.ts'
import { createReader } from '../../../src/dialects/openai-chat/response/stream.ts'

export type OpenPart = Exclude<Part, { type: 'signature' }> | { signature: string; state?: unknown }

export function target(quirks: Partial<ChatQuirks> = {}): DialectTarget<ChatQuirks> {
  return {
    provider: 'lab',
    model: 'model-1',
    limits: {},
    takes: {},
    quirks: { ...defaultChatQuirks, ...quirks },
  }
}

export function context(names: Record<string, string> = {}): ReadContext {
  let ids = 0
  return { toolNames: new Map(Object.entries(names)), newToolId: () => `toolu_${ids++}` }
}

export interface StreamOptions {
  quirks?: Partial<ChatQuirks> | undefined
  names?: Record<string, string> | undefined
  /** False where the stream closes without `[DONE]`. */
  done?: boolean
}

/** A chunk as an object, an event's data as a string, or an event. */
export type Said = object | string | { event: string; data: string }

/** The parts of a stream; `start` is left out where it comes first. */
export function readStream(said: readonly Said[], options: StreamOptions = {}): OpenPart[] {
  const { quirks, names, done = true } = options
  const reader = createReader(target(quirks), context(names))
  const parts: Part[] = []
  for (const event of [...said.map(toEvent), ...(done ? [{ data: '[DONE]' }] : [])]) {
    parts.push(...reader.read(event))
  }
  parts.push(...reader.end())
  return open(parts)
}

/** The parts of a whole answer with this message. */
export function readMessage(
  message: object,
  { quirks, names }: StreamOptions = {},
  choice: object = { finish_reason: 'stop' },
): OpenPart[] {
  return readBody({ choices: [{ index: 0, message, ...choice }] }, { quirks, names })
}

export function readBody(body: unknown, { quirks, names }: StreamOptions = {}): OpenPart[] {
  return open(readReply(body, target(quirks), context(names)))
}

/** A chunk with one delta. */
export function delta(fields: object, choice: object = {}): object {
  return { id: 'c1', choices: [{ index: 0, delta: fields, ...choice }] }
}

export function finish(reason: string, more: object = {}): object {
  return { choices: [{ index: 0, delta: {}, finish_reason: reason }], ...more }
}

export function stop(reason: string, more: object = {}): object {
  return { type: 'stop', reason, ...more }
}

/** One entry of `tool_calls`. */
export function call(fields: {
  index?: number | undefined
  id?: string | undefined
  name?: string | undefined
  arguments?: unknown
}): object {
  const { name, arguments: json, ...rest } = fields
  return { ...rest, type: 'function', function: { name, arguments: json } }
}

export function calls(...entries: object[]): object {
  return delta({ tool_calls: entries })
}

function toEvent(said: Said): UpstreamEvent {
  if (typeof said === 'string') {
    return { data: said }
  }
  return 'data' in said && 'event' in said ? said : { data: JSON.stringify(said) }
}

function open(parts: readonly Part[]): OpenPart[] {
  const rest = parts[0]?.type === 'start' ? parts.slice(1) : parts
  return rest.map((part) => {
    if (part.type !== 'signature') {
      return part
    }
    const origin = readSignature(part.signature)
    return origin?.s === undefined
      ? { signature: origin?.f ?? '' }
      : { signature: origin.f, state: origin.s }
  })
}

/** Joins consecutive deltas of the same text, thinking or arguments. */
export function merge(parts: readonly object[]): object[] {
  const merged: Record<string, unknown>[] = []
  for (const part of parts as Record<string, unknown>[]) {
    const last = merged.at(-1)
    const key = part['type'] === 'tool-delta' ? 'json' : 'text'
    if (last !== undefined && last['type'] === part['type'] && key in part) {
      last[key] = `${String(last[key])}${String(part[key])}`
    } else {
      merged.push({ ...part })
    }
  }
  return merged
}
