import { readErrorEvent } from '../../src/dialects/anthropic/response/error.ts'
import type { Passage } from '../../src/streaming/pass-through/passage.ts'

/** How a host's body is read that is passed through. */
export function toPassage(more: Partial<Passage> = {}): Passage {
  const host = { provider: 'p', model: 'm', limits: {}, takes: {}, isAnthropic: false }
  return {
    kind: 'passed',
    provider: 'p',
    readError: (body) => readErrorEvent(body, host),
    ...more,
  }
}
