/** Reads answers of the Responses API into parts, with signatures opened so that they can be compared. */
import type { Part } from '../../../src/anthropic/answer/part.ts'
import { readSignature } from '../../../src/anthropic/signature.ts'
import type { ReadContext, DialectTarget } from '../../../src/dialects/dialect.ts'
import type { ResponsesQuirks } from '../../../src/dialects/openai-responses/quirks.ts'
import { defaultResponsesQuirks } from '../../../src/dialects/openai-responses/quirks.ts'
import { readReply } from '../../../src/dialects/openai-responses/response/reply.ts'
import { createReader } from '../../../src/dialects/openai-responses/response/stream.ts'

export type OpenPart = Exclude<Part, { type: 'signature' }> | { signature: string; state?: unknown }

export const target: DialectTarget<ResponsesQuirks> = {
  provider: 'lab',
  model: 'model-1',
  limits: {},
  takes: {},
  quirks: defaultResponsesQuirks,
}

export function context(names: Record<string, string> = {}): ReadContext {
  let ids = 0
  return { toolNames: new Map(Object.entries(names)), newToolId: () => `toolu_${ids++}` }
}

/** An event as an object, or the data of one as a string. */
export type Said = object | string

/** The parts of a stream that then closes. */
export function readEvents(said: readonly Said[], names?: Record<string, string>): OpenPart[] {
  const reader = createReader(target, context(names))
  const parts: Part[] = []
  for (const one of said) {
    parts.push(...reader.read({ data: typeof one === 'string' ? one : JSON.stringify(one) }))
  }
  parts.push(...reader.end())
  return parts.map(open)
}

/** The parts of a whole answer with these items. */
export function readItems(output: readonly object[], more: object = {}): OpenPart[] {
  return readWhole({ object: 'response', status: 'completed', output, ...more })
}

export function readWhole(body: unknown): OpenPart[] {
  return readReply(body, target, context()).map(open)
}

function open(part: Part): OpenPart {
  if (part.type !== 'signature') {
    return part
  }
  const { f, s } = readSignature(part.signature)!
  return { signature: f, state: s }
}

/** `response.<name>`. */
export function event(name: string, fields: object = {}): object {
  return { type: `response.${name}`, ...fields }
}

export function added(output_index: number, item: object): object {
  return event('output_item.added', { output_index, item })
}

export function done(output_index: number, item: object): object {
  return event('output_item.done', { output_index, item })
}

export function completed(fields: object = {}): object {
  return event('completed', { response: { status: 'completed', output: [], ...fields } })
}

export const message = { type: 'message', id: 'msg_1', role: 'assistant', content: [] }

export function call(name: string, json = ''): object {
  return { type: 'function_call', id: `fc_${name}`, call_id: 'call_0', name, arguments: json }
}

export function text(delta: string, fields: object = {}): object {
  return event('output_text.delta', { output_index: 0, content_index: 0, delta, ...fields })
}
