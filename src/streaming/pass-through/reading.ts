/** A body that is passed through, as the relay reads it. Loaded at the first request that passes through. */
import type { PassThroughReading } from '../response-format.ts'
import { PassedMessage } from './message.ts'
import type { Passage } from './passage.ts'
import { PassedStream } from './stream.ts'

/** Makes the reading of a body that is passed through. */
export function toReading(passage: Passage): PassThroughReading {
  return {
    kind: 'passed',
    provider: passage.provider,
    toEvents: (answer) => new PassedStream(passage, answer),
    toMessage: () => new PassedMessage(passage),
  }
}
