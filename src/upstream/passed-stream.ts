/**
 * A stream that is passed through: whole events, as they came. Read are only the first ones, up to the
 * first content (until then another upstream may go on), and the last ones, which say how it ended and
 * what it cost.
 *
 *   head ──first event of content──▶ rest
 */
import type { Answer } from '../anthropic/answer.ts'
import type { ErrorType, Failure } from '../anthropic/error.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { asObject, asString, isObject, parseJson } from '../anthropic/json.ts'
import type { Attached, Outcome } from './attached.ts'
import { unsettled } from './attached.ts'
import { eventsOf, firstBorder, lastBorder, readData } from './event-text.ts'
import { readStopReason, readUsage } from './passed-usage.ts'

/** How an answer is read that is passed through. */
export interface Passage {
  kind: 'passed'
  /** The provider's name, for failures. */
  provider: string
  /**
   * Gives a message as JSON another model name; undefined where there is none to change. Absent where
   * the client's name for the model is the upstream's.
   */
  rename?: (json: string) => string | undefined
}

/** Characters that are kept to find the last events in. */
const tailLength = 8 * 1024
/** Characters that one event may have. */
const maxEventLength = 16 * 1024 * 1024

/** `answer` knows whether the client has got a `message_start`, which it may not get twice. */
export function attachPassedStream(
  passage: Passage,
  answer: Pick<Answer, 'begun' | 'markBegun'>,
): Attached {
  const decoder = new TextDecoder()
  const outcome: Outcome = { ...unsettled }
  const tail: string[] = []
  let phase: 'head' | 'rest' = 'head'
  /** What has no end yet. */
  let rest = ''
  /** Events before content, which are not told until there is some. */
  let held = ''
  let startUsage: unknown

  function take(text: string): string {
    rest += text
    const end = lastBorder(rest)
    const events = rest.slice(0, end)
    rest = rest.slice(end)
    if (rest.length > maxEventLength) {
      cut({ ...nonsense(passage.provider), detail: 'an event is too long' })
      return ''
    }
    return events === '' ? '' : phase === 'head' ? takeHead(events) : pass(events)
  }

  function takeHead(events: string): string {
    let at = 0
    while (at < events.length) {
      const end = firstBorder(events, at)
      const event = events.slice(at, end)
      const data = readData(event)
      const type = asString(data?.['type'])
      if (type === 'error') {
        outcome.lost = toFailure(passage.provider, data)
        return ''
      }
      if (type !== undefined && type !== 'ping' && type !== 'message_start') {
        phase = 'rest'
        outcome.hasContent = true
        return release() + pass(events.slice(at))
      }
      if (type === 'message_start') {
        startUsage = asObject(data?.['message'])?.['usage']
        outcome.usage = readUsage(startUsage)
        held += answer.begun ? '' : rename(event, passage)
      } else if (held !== '' || answer.begun) {
        held += event
      }
      at = end
    }
    return ''
  }

  function pass(events: string): string {
    outcome.characters += countCharacters(events)
    tail.push(events)
    let length = tail.reduce((sum, piece) => sum + piece.length, 0)
    while (length - (tail[0]?.length ?? 0) >= tailLength) {
      length -= tail.shift()?.length ?? 0
    }
    return events
  }

  function release(): string {
    const text = held
    held = ''
    if (text !== '') {
      answer.markBegun()
    }
    return text
  }

  /** What the last events say. */
  function settle(): void {
    let usage = startUsage
    for (const event of eventsOf(tail.join('').slice(-tailLength))) {
      const data = readData(event)
      switch (data?.['type']) {
        case 'message_delta':
          usage = isObject(usage)
            ? { ...usage, ...asObject(data['usage']) }
            : (data['usage'] ?? usage)
          outcome.stopReason = readStopReason(asObject(data['delta'])?.['stop_reason'])
          break
        case 'message_stop':
          outcome.ended = true
          break
        case 'error':
          outcome.ended = true
          outcome.failure = toFailure(passage.provider, data)
          break
        default:
      }
    }
    outcome.usage = readUsage(usage)
  }

  function cut(failure: Failure): string {
    if (outcome.hasContent) {
      settle()
    } else {
      outcome.lost ??= failure
    }
    return ''
  }

  return {
    provider: passage.provider,
    outcome,
    feed: (bytes) => take(decoder.decode(bytes, { stream: true })),
    finish() {
      // Of an event without its end nothing is passed on: it would run into what is said next.
      const text = take(decoder.decode())
      cut({ kind: 'upstream_cut', provider: passage.provider })
      return text
    },
    cut,
    release,
  }
}

/** Characters of an event of content that are not the model's, about. */
const deltaFrame = 125

/** Of content, about: deltas are not read. */
function countCharacters(events: string): number {
  let frames = 0
  let at = -1
  while ((at = events.indexOf('content_block_delta', at + 1)) !== -1) {
    frames += deltaFrame / 2
  }
  return Math.max(0, Math.round(events.length - frames))
}

/** Renames `message.model` in the data of `message_start`; the rest stays as it is. */
function rename(event: string, { rename: renameMessage }: Passage): string {
  const at = event.indexOf('{', event.indexOf('"message":'))
  const end = event.lastIndexOf('}')
  const json = event.slice(at, end)
  const renamed =
    renameMessage === undefined || !isObject(parseJson(json)) ? undefined : renameMessage(json)
  return renamed === undefined ? event : event.slice(0, at) + renamed + event.slice(end)
}

const types: ReadonlySet<string> = new Set<ErrorType>([
  'invalid_request_error',
  'not_found_error',
  'rate_limit_error',
  'timeout_error',
  'overloaded_error',
])

const statuses: Partial<Record<ErrorType, number>> = {
  invalid_request_error: 400,
  not_found_error: 404,
  rate_limit_error: 429,
  timeout_error: 504,
  overloaded_error: 529,
}

/** An error in a stream of Anthropic's, whose words are for the client. */
function toFailure(provider: string, data: JsonObject | undefined): Failure {
  const error = asObject(data?.['error'])
  const said = asString(error?.['type']) ?? ''
  const type = isErrorType(said) ? said : 'api_error'
  const status = statuses[type] ?? 502
  const message = asString(error?.['message']) ?? 'The provider failed.'
  return { kind: 'upstream_error', provider, status, type, message: message.slice(0, 1000) }
}

function isErrorType(type: string): type is ErrorType {
  return types.has(type)
}

function nonsense(provider: string) {
  return { kind: 'upstream_nonsense' as const, provider }
}
