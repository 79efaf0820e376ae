/** Reads answers of `generateContent` into parts, with signatures opened so that they can be compared. */
import type { Part } from '../../../src/anthropic/answer/part.ts'
import { readSignature } from '../../../src/anthropic/signature.ts'
import type { ReadContext, TargetModel } from '../../../src/dialects/dialect.ts'
import { readReply } from '../../../src/dialects/gemini/response/reply.ts'
import { createReader } from '../../../src/dialects/gemini/response/stream.ts'

export type OpenPart = Exclude<Part, { type: 'signature' }> | { state: unknown }

const target: TargetModel = { provider: 'lab', model: 'model-1', limits: {}, takes: {} }

function context(names: Record<string, string> = {}): ReadContext {
  let ids = 0
  return { toolNames: new Map(Object.entries(names)), newToolId: () => `toolu_${ids++}` }
}

/** The parts of a stream of these chunks (or texts of events); `start` is left out where it comes first. */
export function readStream(
  chunks: readonly (object | string)[],
  names?: Record<string, string>,
): OpenPart[] {
  const reader = createReader(target, context(names))
  const parts: Part[] = []
  for (const said of chunks) {
    parts.push(...reader.read({ data: typeof said === 'string' ? said : JSON.stringify(said) }))
  }
  parts.push(...reader.end())
  return open(parts)
}

export function readBody(body: unknown): OpenPart[] {
  return open(readReply(body, target, context()))
}

/** A chunk with these parts. */
export function chunk(parts: readonly object[], more: object = {}): object {
  return { candidates: [{ content: { role: 'model', parts }, index: 0, ...more }] }
}

export const stopped = chunk([], { finishReason: 'STOP' })

function open(parts: readonly Part[]): OpenPart[] {
  const rest = parts[0]?.type === 'start' ? parts.slice(1) : parts
  return rest.map((part) =>
    part.type === 'signature' ? { state: readSignature(part.signature)?.s ?? null } : part,
  )
}
