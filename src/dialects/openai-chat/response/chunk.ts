import type { Part } from '../../../anthropic/answer/part.ts'
/**
 * One answer, chunk by chunk, already parsed. A whole answer is read here too, as a single chunk.
 *
 *   before ──first chunk: start──▶ reading ──end──▶ after     failure: from anywhere ──▶ after
 *
 * A finish reason does not end the answer: usage, and sometimes content, comes after it. What ends it
 * is the closing mark or the end of the stream.
 */
import type { Failure } from '../../../anthropic/error.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asCount, asObject, isObject } from '../../../anthropic/json.ts'
import type { ReadContext, DialectTarget } from '../../dialect.ts'
import type { ChatQuirks } from '../quirks.ts'
import { toGivenUpFailure } from './error.ts'
import type { Prose } from './prose.ts'
import { closeProse, createProse, readProse } from './prose.ts'
import { signCall } from './reasoning.ts'
import type { Finish } from './stop-reason.ts'
import { readFinish, strongerFinish } from './stop-reason.ts'
import type { ToolCalls } from './tool-calls.ts'
import {
  createToolCalls,
  endCalls,
  hasCutCall,
  hasNamelessCall,
  readToolCall,
  settleCalls,
} from './tool-calls.ts'
import { readLegacyCall, readToolEntry } from './tool-entry.ts'
import { findUsage, toTokenUsage } from './usage.ts'

/** One answer being read. Made by {@link createChunks}; not to be shared. */
export interface Chunks {
  phase: 'before' | 'reading' | 'after'
  target: DialectTarget<ChatQuirks>
  prose: Prose
  calls: ToolCalls
  hasContent: boolean
  finish: Finish | undefined
  usage: JsonObject | undefined
}

/**
 * `whole`: the answer is no stream. `marked`: the provider said `[DONE]`. `closed`: the stream ended
 * without that, as those of Cerebras and Perplexity do.
 */
export type Ending = 'whole' | 'marked' | 'closed'

export function createChunks(
  target: DialectTarget<ChatQuirks>,
  context: ReadContext,
  isWhole: boolean,
): Chunks {
  const calls = createToolCalls({
    context,
    beforeCall: (parts) => closeProse(prose, parts),
    sign: (call) => signCall(target, call),
  })
  const beforePush = (parts: Part[]): void => settleCalls(calls, parts)
  const prose = createProse({ target, isWhole, beforePush })
  return {
    phase: 'before',
    target,
    prose,
    calls,
    hasContent: false,
    finish: undefined,
    usage: undefined,
  }
}

/** Takes a chunk that is no error. */
export function readChunk(chunks: Chunks, chunk: JsonObject, parts: Part[]): void {
  const { choices } = chunk
  const usage = findUsage(chunk)
  if (!Array.isArray(choices) && usage === undefined) {
    // Keep-alives of many shapes.
    return
  }
  if (chunks.phase === 'before') {
    chunks.phase = 'reading'
    parts.push({ type: 'start' })
  }
  const before = parts.length
  let position = 0
  for (const choice of asArray(choices)) {
    if (isObject(choice)) {
      readChoice(chunks, choice, position, parts)
    }
    position += 1
  }
  chunks.hasContent ||= parts.length > before
  // Cumulative where it comes more than once: never a sum.
  chunks.usage = usage ?? chunks.usage
}

/** Pushes what is left, and `stop` or `failure`. */
export function endChunks(chunks: Chunks, ending: Ending, parts: Part[]): void {
  if (chunks.phase === 'after') {
    return
  }
  const { provider } = chunks.target
  if (isUnfinished(chunks, ending)) {
    failChunks(chunks, { kind: 'upstream_truncated', provider }, parts)
    return
  }
  endCalls(chunks.calls, parts)
  closeProse(chunks.prose, parts)
  if (hasNamelessCall(chunks.calls)) {
    const detail = 'arguments of a tool call without a name'
    failChunks(chunks, { kind: 'upstream_invalid_response', provider, detail }, parts)
  } else if (chunks.finish !== undefined && 'failure' in chunks.finish) {
    failChunks(chunks, toGivenUpFailure(chunks.finish, provider), parts)
  } else {
    chunks.phase = 'after'
    parts.push(toStop(chunks, chunks.finish ?? { reason: 'end_turn' }))
  }
}

export function failChunks(chunks: Chunks, failure: Failure, parts: Part[]): void {
  chunks.phase = 'after'
  parts.push({ type: 'failure', failure })
}

function readChoice(chunks: Chunks, choice: JsonObject, position: number, parts: Part[]): void {
  // Some proxies answer a stream with one whole answer in it.
  const message = chunks.hasContent ? undefined : asObject(choice['message'])
  const delta = asObject(choice['delta']) ?? message
  if (delta !== undefined) {
    readProse(chunks.prose, delta, parts)
    readCalls(chunks, delta, asCount(choice['index']) ?? position, parts)
  }
  const finish = readFinish(choice)
  if (finish !== undefined) {
    chunks.finish = strongerFinish(chunks.finish, finish)
  }
}

function readCalls({ calls }: Chunks, delta: JsonObject, choice: number, parts: Part[]): void {
  const entries = asArray(delta['tool_calls'])
  for (const value of entries) {
    const entry = readToolEntry(value)
    if (entry !== undefined) {
      readToolCall(calls, entry, choice, parts)
    }
  }
  const legacy = entries.length === 0 ? readLegacyCall(delta['function_call']) : undefined
  if (legacy !== undefined) {
    readToolCall(calls, legacy, choice, parts)
  }
}

/** Whether something is missing, as far as can be told where no finish reason came. */
function isUnfinished({ finish, hasContent, calls, target }: Chunks, ending: Ending): boolean {
  if (finish !== undefined || ending === 'whole') {
    return false
  }
  const isEnd = ending === 'marked' || target.quirks.finish_optional
  return !isEnd || !hasContent || hasCutCall(calls)
}

function toStop(
  { prose: { refusal }, usage, target }: Chunks,
  { reason, sequence }: Extract<Finish, { reason: string }>,
): Part {
  const counted = usage && toTokenUsage(usage, target.quirks)
  // A cut by the token limit is told even where the words so far were a refusal.
  const isRefusal = refusal !== '' && reason !== 'max_tokens'
  return {
    type: 'stop',
    reason: isRefusal ? 'refusal' : reason,
    ...(sequence === undefined ? {} : { sequence }),
    ...(refusal === '' ? {} : { explanation: refusal }),
    ...(counted === undefined ? {} : { usage: counted }),
  }
}
