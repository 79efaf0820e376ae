/**
 * What the client is told, whoever tells it: bytes of one upstream's answer in, Anthropic's text out.
 * As long as the client has got no content, another upstream's body may be attached in place of one
 * that failed. Knows no stream API, so that the plumbing around it stays small (see pump.ts).
 */
import type { Answer } from '../anthropic/answer/answer.ts'
import { createAnswer } from '../anthropic/answer/answer.ts'
import { encodeEvents, pingText } from '../anthropic/answer/encode.ts'
import { createFold } from '../anthropic/answer/fold.ts'
import type { WriterOptions } from '../anthropic/answer/writer.ts'
import type { Failure } from '../anthropic/error.ts'
import { toErrorBody, toErrorReply } from '../anthropic/error.ts'
import type { Attached, Outcome } from './attached.ts'
import { unsettled } from './attached.ts'
import type { Translation } from './body-reader.ts'
import { createBodyReader } from './body-reader.ts'
import type { Passage } from './pass-through/passed-stream.ts'
import { attachPassedStream } from './pass-through/passed-stream.ts'
import { attachPassedWhole } from './pass-through/passed-whole.ts'

/** How an upstream's body is to be read. */
export type Reading = Translation | Passage

/** `events`: server-sent events as they come. `message`: one JSON body, at the end. */
export type Form = 'events' | 'message'

export interface Reencoder {
  readonly form: Form
  /** Reads another body. Throws where the client has got content. */
  attach: (reading: Reading) => void
  /** Takes one read of the body; the text to send for it, often `''`. */
  feed: (bytes: Uint8Array) => string
  /** The body is complete. */
  finish: () => string
  /** The body broke, by no word of its own. */
  cut: (failure: Failure) => string
  /** The answer has failed for good. */
  fail: (failure: Failure) => string
  /** What may be said so that the client hears something though there is no content; may be `''`. */
  begin: () => string
  /** What breaks a silence after that. */
  readonly ping: string
  /** Of the body that is attached. */
  outcome: () => Readonly<Outcome>
  /** Whether nothing more is wanted of the body that is attached. */
  isDone: () => boolean
}

/** A re-encoder for one answer. */
export function createReencoder(options: WriterOptions, form: Form): Reencoder {
  const teller = form === 'events' ? createEvents(options) : createMessage(options)
  let attached: Attached | undefined
  let failure: Failure | undefined

  function fail(why: Failure): string {
    failure = why
    return teller.fail(why)
  }

  function outcome(): Readonly<Outcome> {
    const told = attached?.outcome ?? unsettled
    return failure === undefined ? told : { ...unsettled, ...usageOf(told), ended: true, failure }
  }

  /** What was passed through and broke off in the midst: its upstream has not said so. */
  function breakOff(why: Failure): string {
    const { hasContent, ended, lost } = outcome()
    return hasContent && !ended && lost === undefined ? fail(why) : ''
  }

  return {
    form,
    ping: form === 'events' ? pingText : ' ',
    attach(reading) {
      attached = reading.kind === 'passed' ? teller.pass(reading) : teller.translate(reading)
    },
    feed(bytes) {
      const text = attached?.feed(bytes) ?? ''
      const { lost, hasContent } = outcome()
      return form === 'events' && hasContent && lost !== undefined ? text + fail(lost) : text
    },
    finish() {
      const text = attached?.finish() ?? ''
      return text + breakOff({ kind: 'upstream_truncated', provider: attached?.provider ?? '' })
    },
    cut: (why) => (attached?.cut(why) ?? '') + breakOff(why),
    fail,
    begin: () => teller.begin(attached?.release?.() ?? ''),
    outcome,
    isDone() {
      const { ended, lost } = outcome()
      return ended || lost !== undefined
    },
  }
}

function usageOf({ usage, stopReason, hasContent, characters }: Readonly<Outcome>) {
  return { usage, stopReason, hasContent, characters }
}

/** One form of telling. */
interface Teller {
  translate: (reading: Translation) => Attached
  pass: (reading: Passage) => Attached
  begin: (released: string) => string
  fail: (failure: Failure) => string
}

function createEvents(options: WriterOptions): Teller {
  const answer = createAnswer({ ...options, enforceStops: [], loses: 'before_content' })
  const toText = (): string => encodeEvents(answer.takeEvents())
  return {
    translate(reading) {
      answer.restart(reading.enforceStops)
      return attachTranslated(reading, answer, toText)
    },
    pass: (reading) => attachPassedStream(reading, answer),
    begin(released) {
      if (released === '') {
        answer.begin()
        return toText()
      }
      return released
    },
    fail(failure) {
      answer.fail(failure)
      return toText()
    },
  }
}

/** Nothing has been told until all is, so each upstream begins anew, content or not. */
function createMessage(options: WriterOptions): Teller {
  let answer: Answer | undefined
  return {
    translate(reading) {
      const { enforceStops } = reading
      const next = createAnswer({ ...options, isFolded: true, enforceStops, loses: 'always' })
      const fold = createFold()
      answer = next
      return attachTranslated(reading, next, () => {
        fold.take(next.takeEvents())
        return next.ended && next.lost === undefined ? JSON.stringify(fold.message()) : ''
      })
    },
    pass(reading) {
      answer = undefined
      return attachPassedWhole(reading)
    },
    // White space may stand before JSON; but not before it is known that there will be some.
    begin: () => (answer?.begun === true ? ' ' : ''),
    fail: (failure) => JSON.stringify(toErrorBody(toErrorReply(failure), options.requestId)),
  }
}

function attachTranslated(reading: Translation, answer: Answer, toText: () => string): Attached {
  const reader = createBodyReader(reading, answer)
  return {
    provider: reading.provider,
    outcome: answer,
    feed(bytes) {
      reader.feed(bytes)
      return toText()
    },
    finish() {
      reader.finish()
      return toText()
    },
    cut(failure) {
      reader.cut(failure)
      return toText()
    },
  }
}
