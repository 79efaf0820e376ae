/**
 * A stream that is passed through: whole events, as they came. Read are only the first ones, up to the
 * first content (until then another upstream may go on), and the last ones, which say how it ended and
 * what it cost.
 *
 *   head ──first event of content──▶ rest
 */
import type { Answer } from '../../anthropic/answer/answer.ts'
import type { Failure } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString, isObject, parseJson } from '../../anthropic/json.ts'
import type { Attached, Outcome } from '../attached.ts'
import { unsettled } from '../attached.ts'
import { firstBorder, lastBorder, readData } from './event-text.ts'
import type { Tail } from './passed-end.ts'
import { createTail } from './passed-end.ts'
import { toPassedFailure } from './passed-failure.ts'
import { readUsage } from './passed-usage.ts'

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

/** Characters that one event may have. */
const maxEventLength = 16 * 1024 * 1024

interface State {
  passage: Passage
  answer: Pick<Answer, 'begun' | 'markBegun'>
  outcome: Outcome
  tail: Tail
  phase: 'head' | 'rest'
  /** What has no end yet. */
  rest: string
  /** Events before content, which are not told until there is some. */
  held: string
  startUsage: unknown
}

/** `answer` knows whether the client has got a `message_start`, which it may not get twice. */
export function attachPassedStream(passage: Passage, answer: State['answer']): Attached {
  const { provider } = passage
  const decoder = new TextDecoder()
  const outcome: Outcome = { ...unsettled }
  const state: State = {
    passage,
    answer,
    outcome,
    tail: createTail(provider),
    phase: 'head',
    rest: '',
    held: '',
    startUsage: undefined,
  }
  return {
    provider,
    outcome,
    feed: (bytes) => take(state, decoder.decode(bytes, { stream: true })),
    finish() {
      // Of an event without its end nothing is passed on: it would run into what is said next.
      const text = take(state, decoder.decode())
      cut(state, { kind: 'upstream_truncated', provider })
      return text
    },
    cut(failure) {
      cut(state, failure)
      return ''
    },
    release: () => release(state),
  }
}

function take(state: State, text: string): string {
  const all = state.rest + text
  const end = lastBorder(all)
  const events = all.slice(0, end)
  state.rest = all.slice(end)
  if (state.rest.length > maxEventLength) {
    const { provider } = state.passage
    state.rest = ''
    state.outcome.lost = {
      kind: 'upstream_invalid_response',
      provider,
      detail: 'an event is too long',
    }
    return ''
  }
  return state.phase === 'head' ? takeHead(state, events) : pass(state, events)
}

/** Holds what comes before content, and lets go of it with the content. */
function takeHead(state: State, events: string): string {
  let at = 0
  while (at < events.length) {
    const end = firstBorder(events, at)
    const event = events.slice(at, end)
    const data = readData(event)
    const type = asString(data?.['type']) ?? 'ping'
    if (type === 'error') {
      state.outcome.lost = toPassedFailure(state.passage.provider, data)
      return ''
    }
    if (type !== 'ping' && type !== 'message_start') {
      state.phase = 'rest'
      state.outcome.hasContent = true
      return release(state) + pass(state, events.slice(at))
    }
    hold(state, event, data)
    at = end
  }
  return ''
}

function hold(state: State, event: string, data: JsonObject | undefined): void {
  const { answer, outcome, passage } = state
  if (data?.['type'] === 'message_start') {
    state.startUsage = asObject(data['message'])?.['usage']
    outcome.usage = readUsage(state.startUsage)
    state.held += answer.begun ? '' : rename(event, passage)
  } else if (state.held !== '' || answer.begun) {
    state.held += event
  }
}

function pass(state: State, events: string): string {
  if (events !== '') {
    state.outcome.characters += countCharacters(events)
    state.tail.keep(events)
  }
  return events
}

function release(state: State): string {
  const { held, answer } = state
  state.held = ''
  if (held !== '') {
    answer.markBegun()
  }
  return held
}

function cut({ outcome, tail, startUsage }: State, failure: Failure): void {
  if (outcome.hasContent) {
    Object.assign(outcome, tail.read(startUsage))
  } else {
    outcome.lost ??= failure
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
