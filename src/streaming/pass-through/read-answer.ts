import type { ReportedUsage } from '../../anthropic/answer/part.ts'
/**
 * What the gateway reads of a message in Anthropic's protocol that it passes through, for the log and the
 * ledger: usage and stop reason. Nothing is checked for the client.
 */
import type { StopReason } from '../../anthropic/answer/wire/message.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString } from '../../anthropic/json.ts'
import { eventsOf, readData } from './event-text.ts'
import { readUsage } from './read-usage.ts'

/** The characters that are buffered to find the last events. */
const tailLength = 8 * 1024

/** How a stream ended, if it did. */
export interface StreamEnd {
  isComplete: boolean
  usage: ReportedUsage | undefined
  /** Whether the usage includes the content, as that of `message_delta` does. */
  countsContent: boolean
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
    const end: StreamEnd = {
      isComplete: false,
      usage: undefined,
      countsContent: false,
      stopReason: undefined,
    }
    for (const event of eventsOf(this.#pieces.join('').slice(-tailLength))) {
      const data = readData(event)
      switch (data?.['type']) {
        case 'message_delta':
          usage = { ...asObject(usage), ...withoutNulls(data['usage']) }
          end.countsContent ||= readUsage(data['usage']) !== undefined
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

/** A null in a later usage leaves the earlier value as it was. */
function withoutNulls(usage: unknown): JsonObject {
  return Object.fromEntries(
    Object.entries(asObject(usage) ?? {}).filter(([, value]) => value !== null),
  )
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
