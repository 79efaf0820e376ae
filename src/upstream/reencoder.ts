/**
 * The whole translation of one answer: bytes in, Anthropic's text out. Knows no stream API, so that
 * the plumbing around it stays small and can be changed (see pump.ts).
 */
import type { Answer, AnswerOptions } from '../anthropic/answer.ts'
import { createAnswer } from '../anthropic/answer.ts'
import { encodeEvents } from '../anthropic/encode.ts'
import type { Failure } from '../anthropic/error.ts'
import { parseJson } from '../anthropic/json.ts'
import type { StreamEvent } from '../anthropic/message.ts'
import type { Part } from '../anthropic/part.ts'
import type { BoundDialect, ReadContext } from '../dialects/dialect.ts'
import { createFramer } from './framer.ts'

export interface ReencoderOptions extends AnswerOptions {
  dialect: BoundDialect
  /** The provider's name, for failures. */
  provider: string
  context: ReadContext
}

export interface Reencoder {
  /** Takes one read of the upstream's body; the text to send for it, often `''`. */
  feed: (bytes: Uint8Array) => string
  /** The upstream's body is complete. */
  finish: () => string
  /** The upstream failed outside its body. */
  fail: (failure: Failure) => string
  /** `message_start`, where nothing has been said yet. */
  begin: () => string
  readonly answer: Pick<Answer, 'ended' | 'failure' | 'usage'>
}

/** A re-encoder for one answer. */
export function createReencoder(options: ReencoderOptions): Reencoder {
  const answer = createAnswer(options)
  const reader = createBodyReader(options, answer)

  function text(): string {
    return encodeEvents(answer.takeEvents())
  }

  return {
    feed(bytes) {
      reader.feed(bytes)
      return text()
    },
    finish() {
      reader.finish()
      return text()
    },
    fail(failure) {
      answer.tell([{ type: 'failure', failure }])
      return text()
    },
    begin() {
      answer.begin()
      return text()
    },
    answer,
  }
}

/**
 * The events of a whole answer that the client wants in one piece; an upstream that streams though it
 * was not asked to is read all the same. The last event is `message_stop` or `error`.
 */
export function readWhole(
  bytes: Uint8Array,
  options: ReencoderOptions,
): { events: StreamEvent[]; answer: Pick<Answer, 'failure' | 'usage'> } {
  const answer = createAnswer(options)
  const reader = createBodyReader(options, answer)
  reader.feed(bytes)
  reader.finish()
  return { events: answer.takeEvents(), answer }
}

/** Bytes → parts, told to the answer. */
function createBodyReader(
  { dialect, provider, context }: ReencoderOptions,
  answer: Answer,
): { feed: (bytes: Uint8Array) => void; finish: () => void } {
  const reader = dialect.createReader(context)
  const parts: Part[] = []

  function tell(): void {
    answer.tell(parts)
    parts.length = 0
  }

  const framer = createFramer({
    onEvent(event) {
      if (!answer.ended) {
        reader.read(event, parts)
        tell()
      }
    },
    onDocument(text) {
      const body = parseJson(text)
      answer.tell(
        body === undefined
          ? [nonsense(provider, 'neither an event stream nor JSON')]
          : dialect.readReply(body, context),
      )
    },
    onOverflow: () => answer.tell([nonsense(provider, 'an event is too long')]),
  })

  return {
    feed: framer.feed,
    finish() {
      framer.finish()
      if (!answer.ended) {
        reader.end(parts)
        tell()
      }
    },
  }
}

function nonsense(provider: string, detail: string): Part {
  return { type: 'failure', failure: { kind: 'upstream_nonsense', provider, detail } }
}
