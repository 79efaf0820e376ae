/**
 * What the gateway reads of a message in Anthropic's protocol that it passes through, for the log and the
 * ledger: usage and stop reason. Nothing is checked for the client.
 */
import type { StopReason } from '../../anthropic/answer/message.ts'
import type { TokenUsage } from '../../anthropic/answer/part.ts'
import { asCount, asObject, asString, isObject } from '../../anthropic/json.ts'
import { eventsOf, readData } from './event-text.ts'

/** The characters that are buffered to find the last events. */
const tailLength = 8 * 1024

/** How a stream ended, if it did. */
export interface StreamEnd {
  isComplete: boolean
  usage: TokenUsage | undefined
  stopReason: StopReason | undefined
}

/** The last events of a stream. */
export class StreamTail {
  readonly #pieces: string[] = []
  #length = 0

  add(events: string): void {
    this.#pieces.push(events)
    this.#length += events.length
    while (this.#length - (this.#pieces[0]?.length ?? 0) >= tailLength) {
      this.#length -= this.#pieces.shift()?.length ?? 0
    }
  }

  /** Reads how the stream ended. `startUsage`: the usage of `message_start`. */
  read(startUsage: unknown): StreamEnd {
    let usage = startUsage
    const end: StreamEnd = { isComplete: false, usage: undefined, stopReason: undefined }
    for (const event of eventsOf(this.#pieces.join('').slice(-tailLength))) {
      const data = readData(event)
      switch (data?.['type']) {
        case 'message_delta':
          usage = isObject(usage) ? { ...usage, ...asObject(data['usage']) } : data['usage']
          end.stopReason = readStopReason(asObject(data['delta'])?.['stop_reason'])
          break
        case 'message_stop':
          end.isComplete = true
          break
        default:
      }
    }
    return { ...end, usage: readUsage(usage) }
  }
}

/**
 * Reads Anthropic's usage; undefined for anything else. The sum of `iterations`, if any, is billed:
 * the top level excludes compaction (https://docs.claude.com/en/docs/build-with-claude/compaction).
 */
export function readUsage(value: unknown): TokenUsage | undefined {
  const usage = asObject(value)
  if (asCount(usage?.['output_tokens']) === undefined) {
    return undefined
  }
  const iterations = usage?.['iterations']
  const listed = Array.isArray(iterations) ? iterations : []
  const entries = listed.length === 0 ? [usage] : listed
  const sum = (...path: string[]): number =>
    entries.reduce<number>((total, entry) => total + countAt(entry, path), 0)
  return {
    input: sum('input_tokens'),
    output: sum('output_tokens'),
    cacheWrite: sum('cache_creation_input_tokens'),
    cacheWrite1h: sum('cache_creation', 'ephemeral_1h_input_tokens'),
    cacheRead: sum('cache_read_input_tokens'),
    thinking: 0,
    webSearches: countAt(usage, ['server_tool_use', 'web_search_requests']),
  }
}

function countAt(value: unknown, path: readonly string[]): number {
  const [field = '', ...rest] = path
  const inner = asObject(value)?.[field]
  return rest.length === 0 ? (asCount(inner) ?? 0) : countAt(inner, rest)
}

const stopReasons: ReadonlySet<string> = new Set<StopReason>([
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
])

/** Reads a stop reason; undefined for an unknown one. */
export function readStopReason(value: unknown): StopReason | undefined {
  const reason = asString(value) ?? ''
  return isStopReason(reason) ? reason : undefined
}

function isStopReason(reason: string): reason is StopReason {
  return stopReasons.has(reason)
}
