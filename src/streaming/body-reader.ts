/**
 * The body of one upstream's answer → parts, told to the answer. Knows no stream API and no vendor: the
 * framing is the framer's, the meaning the dialect's.
 */
import type { Answer } from '../anthropic/answer/answer.ts'
import type { Part } from '../anthropic/answer/part.ts'
import type { Failure } from '../anthropic/error.ts'
import { parseJson } from '../anthropic/json.ts'
import type { BoundDialect, ReadContext, StreamReader } from '../dialects/dialect.ts'
import { createEventStreamFramer } from './event-stream-framer.ts'
import { createFramer } from './framer.ts'

/** How an answer is read that must be translated. */
export interface Translation {
  kind: 'translated'
  /** The provider's name, for failures. */
  provider: string
  dialect: BoundDialect
  context: ReadContext
  /** Stop sequences that the upstream was not given. */
  enforceStops: readonly string[]
}

export interface BodyReader {
  /** Takes one read of the body. */
  feed: (bytes: Uint8Array) => void
  /** The body is complete. */
  finish: () => void
  /** The body broke: a failure, unless the upstream had said all that a message needs. */
  cut: (failure: Failure) => void
}

/** A reader for one body. */
export function createBodyReader(
  { dialect, provider, context }: Omit<Translation, 'kind' | 'enforceStops'>,
  answer: Answer,
): BodyReader {
  let events: StreamReader | undefined

  /** Made for the first event: most bodies in one piece have none. */
  function reader(): StreamReader {
    events ??= dialect.createReader(context)
    return events
  }

  function tell(read: () => readonly Part[]): void {
    answer.tell(readShallow(read) ?? [nonsense(provider, 'nested too deeply')])
  }

  const create = dialect.framing === 'sse' ? createFramer : createEventStreamFramer
  const framer = create({
    onEvent(event) {
      if (!answer.ended) {
        tell(() => reader().read(event))
      }
    },
    onDocument(text) {
      const body = parseJson(text)
      const unread = [nonsense(provider, 'neither an event stream nor JSON')]
      tell(() => (body === undefined ? unread : dialect.readReply(body, context)))
    },
    onOverflow: () => answer.tell([nonsense(provider, 'an event is too long')]),
    onBroken: (detail) => answer.tell([nonsense(provider, detail)]),
  })

  return {
    feed: framer.feed,
    finish() {
      framer.finish()
      if (!answer.ended) {
        tell(() => reader().end())
      }
    },
    cut(failure) {
      const left = readShallow(() => reader().end()) ?? []
      const ends = left.some(({ type }) => type === 'stop')
      answer.tell(ends ? left : [{ type: 'failure', failure }])
    },
  }
}

/**
 * What `read` returns; undefined where the JSON is nested more deeply than code that walks it can go,
 * for which its sender is to blame.
 */
function readShallow(read: () => readonly Part[]): readonly Part[] | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined
    }
    throw error
  }
}

function nonsense(provider: string, detail: string): { type: 'failure'; failure: Failure } {
  return { type: 'failure', failure: { kind: 'upstream_invalid_response', provider, detail } }
}
