/** How a passed-through stream ended and what it cost: read from its last events, of which a tail is kept. */
import { asObject, isObject } from '../../anthropic/json.ts'
import type { Outcome } from '../attached.ts'
import { eventsOf, readData } from './event-text.ts'
import { toPassedFailure } from './passed-failure.ts'
import { readStopReason, readUsage } from './passed-usage.ts'

/** Characters that are kept to find the last events in. */
const tailLength = 8 * 1024

export interface Tail {
  keep: (events: string) => void
  /** What the last events say. `startUsage`: as `message_start` had it. */
  read: (startUsage: unknown) => Partial<Outcome>
}

/** Of one stream. */
export function createTail(provider: string): Tail {
  const pieces: string[] = []
  let length = 0
  return {
    keep(events) {
      pieces.push(events)
      length += events.length
      while (length - (pieces[0]?.length ?? 0) >= tailLength) {
        length -= pieces.shift()?.length ?? 0
      }
    },
    read: (startUsage) => readEnd(pieces.join('').slice(-tailLength), startUsage, provider),
  }
}

function readEnd(text: string, startUsage: unknown, provider: string): Partial<Outcome> {
  let usage = startUsage
  const end: Partial<Outcome> = {}
  for (const event of eventsOf(text)) {
    const data = readData(event)
    switch (data?.['type']) {
      case 'message_delta':
        usage = isObject(usage) ? { ...usage, ...asObject(data['usage']) } : data['usage']
        end.stopReason = readStopReason(asObject(data['delta'])?.['stop_reason'])
        break
      case 'message_stop':
        end.ended = true
        break
      case 'error':
        end.ended = true
        end.failure = toPassedFailure(provider, data)
        break
      default:
    }
  }
  return { ...end, usage: readUsage(usage) }
}
