import { readErrorEvent } from '../../src/dialects/anthropic/response/error.ts'
import type { Passage } from '../../src/streaming/pass-through/passage.ts'
import { toReading } from '../../src/streaming/pass-through/reading.ts'
import type { PassThroughReading } from '../../src/streaming/response-format.ts'

/** How a host's body is read that is passed through. */
export function toPassage(more: Partial<Passage> = {}): PassThroughReading {
  const host = { provider: 'p', model: 'm', limits: {}, takes: {}, isAnthropic: false }
  return toReading({
    provider: 'p',
    readError: (body) => readErrorEvent(body, host),
    ...more,
  })
}
