/**
 * Parts → events. The one place that opens, numbers and closes blocks.
 *
 *   before ──any part──▶ between ──text │ thinking │ tool──▶ inside ─┐ same block: delta
 *                           ▲                                 │  ▲───┘
 *                           └──── signature │ tool_end ───────┘
 *   stop, failure: from anywhere ──▶ after
 *
 * What cannot go into the open block waits: all that comes while a tool call is open (its arguments
 * may go on), and reasoning that comes after text, until it is known what it led to: more text of the
 * same block (a client would show the answer in splinters), another block, or nothing. Reasoning after
 * the whole answer is let go.
 */
import type { Failure } from '../error.ts'
import { toErrorBody, toErrorReply } from '../error.ts'
import { estimateUsage, toEndEvents } from './message-end.ts'
import { toStartEvent } from './message-start.ts'
import type { AnswerBlock, StreamEvent } from './message.ts'
import type { Part } from './part.ts'
import type { WaitingBlock } from './waiting.ts'
import {
  PartOrderError,
  completeCalls,
  dropLastThoughts,
  lengthOf,
  hasOnlyThoughts,
  wait,
  waitingCall,
  waitsTooMuch,
} from './waiting.ts'
import type { OpenBlock, Phase, State, WriterOptions } from './writer-state.ts'
import { isOpenCall, openKind } from './writer-state.ts'

export type { WriterOptions }

/** One message on its way to the client. Not to be shared. */
export interface Writer {
  /** Takes one part, pushes its events. Parts after `stop` or `failure` are a bug and throw. */
  write: (part: Part, events: StreamEvent[]) => void
  /** Says `message_start` if that has not been said, so that the client hears something. */
  begin: (events: StreamEvent[]) => void
  /** Takes it that somebody else has said `message_start`. */
  markBegun: () => void
  readonly phase: Phase['name']
  /** Of content that was told. */
  readonly characters: number
  /** Whether a block was opened. */
  readonly hasContent: boolean
  /** Why the message has failed, where the writer itself gave up. */
  readonly failure: Failure | undefined
}

/** A writer for one message. */
export function createWriter(options: WriterOptions): Writer {
  return new MessageWriter({
    phase: { name: 'before' },
    index: -1,
    characters: 0,
    hasTools: false,
    lastKind: undefined,
    waiting: [],
    held: 0,
    failure: undefined,
    events: [],
    options,
  })
}

/** A class for the same reason as an answer is one. */
class MessageWriter implements Writer {
  readonly #state: State

  constructor(state: State) {
    this.#state = state
  }

  write(part: Part, events: StreamEvent[]): void {
    const state = this.#state
    if (state.phase.name === 'after') {
      throw new PartOrderError(`${part.type} after the end`)
    }
    state.events = events
    if (part.type !== 'failure') {
      begin(state)
    }
    writePart(state, part)
    boundWaiting(state, part)
  }

  begin(events: StreamEvent[]): void {
    this.#state.events = events
    begin(this.#state)
  }

  markBegun(): void {
    markBegun(this.#state)
  }

  get phase(): Phase['name'] {
    return this.#state.phase.name
  }

  get characters(): number {
    return this.#state.characters
  }

  get hasContent(): boolean {
    return this.#state.index >= 0
  }

  get failure(): Failure | undefined {
    return this.#state.failure
  }
}

/** A call that never ends must not gather the rest of the answer. */
function boundWaiting(state: State, part: Part): void {
  state.held = state.waiting.length === 0 ? 0 : state.held + lengthOf(part)
  if (waitsTooMuch(state.waiting, state.held)) {
    const detail = 'too much waits for the end of a tool call'
    fail(state, { kind: 'upstream_invalid_response', provider: 'upstream', detail })
  }
}

function writePart(state: State, part: Part): void {
  switch (part.type) {
    case 'start':
      return
    case 'text-delta':
      return writeText(state, part.text)
    case 'text-end':
      return endText(state)
    case 'thinking-delta':
      return writeThinking(state, part.text)
    case 'signature':
      return writeSignature(state, part.signature)
    case 'tool-start':
      return startTool(state, part)
    case 'tool-delta':
      return writeToolInput(state, part.call, part.json)
    case 'tool-end':
      return endTool(state, part.call)
    case 'stop':
      return stop(state, part)
    case 'failure':
      return fail(state, part.failure)
  }
}

function begin(state: State): void {
  if (markBegun(state)) {
    const { options, events } = state
    const estimate = options.isFolded === true ? 0 : options.estimatedInput()
    events.push(toStartEvent(options, estimate), { type: 'ping' })
  }
}

/** Whether it had not begun before. */
function markBegun(state: State): boolean {
  const begins = state.phase.name === 'before'
  if (begins) {
    state.phase = { name: 'between' }
  }
  return begins
}

function writeText(state: State, text: string): void {
  if (text === '') {
    return
  }
  if (openKind(state) === 'tool') {
    wait(state.waiting, { kind: 'text', text })
    return
  }
  if (openKind(state) !== 'text') {
    close(state)
    flush(state)
  }
  tellText(state, text)
}

function tellText(state: State, text: string): void {
  if (openKind(state) !== 'text') {
    open(state, { kind: 'text' }, { type: 'text', text: '' })
  }
  state.characters += text.length
  state.events.push({
    type: 'content_block_delta',
    index: state.index,
    delta: { type: 'text_delta', text },
  })
}

/** Thoughts that came meanwhile go on waiting. */
function endText(state: State): void {
  if (openKind(state) === 'text') {
    close(state)
  }
}

function writeThinking(state: State, text: string): void {
  if (text === '') {
    return
  }
  if (mustThoughtsWait(state)) {
    wait(state.waiting, { kind: 'thinking', text, signature: undefined })
  } else {
    tellThoughts(state, text)
  }
}

function writeSignature(state: State, signature: string): void {
  if (mustThoughtsWait(state)) {
    wait(state.waiting, { kind: 'thinking', text: '', signature })
  } else {
    openThinking(state)
    close(state, signature)
  }
}

function tellThoughts(state: State, text: string): void {
  openThinking(state)
  state.characters += text.length
  state.events.push({
    type: 'content_block_delta',
    index: state.index,
    delta: { type: 'thinking_delta', thinking: text },
  })
}

/** After text it is not known whether anything follows that they would be thoughts on. */
function mustThoughtsWait(state: State): boolean {
  return openKind(state) === 'tool' || state.lastKind === 'text'
}

function startTool(state: State, { call, id, name }: Extract<Part, { type: 'tool-start' }>): void {
  state.hasTools = true
  if (openKind(state) === 'tool') {
    state.waiting.push({ kind: 'tool', call, id, name, json: '', complete: false })
    return
  }
  close(state)
  flush(state)
  open(state, { kind: 'tool', call }, { type: 'tool_use', id, name, input: {} })
}

function writeToolInput(state: State, call: number, json: string): void {
  if (json === '') {
    return
  }
  if (!isOpenCall(state, call)) {
    waitingCall(state.waiting, call).json += json
    return
  }
  state.characters += json.length
  state.events.push({
    type: 'content_block_delta',
    index: state.index,
    delta: { type: 'input_json_delta', partial_json: json },
  })
}

function endTool(state: State, call: number): void {
  if (!isOpenCall(state, call)) {
    waitingCall(state.waiting, call).complete = true
    return
  }
  close(state)
  flush(state, { keepsThoughts: true })
}

function stop(state: State, part: Extract<Part, { type: 'stop' }>): void {
  const last = state.waiting.findLast(({ kind }) => kind !== 'thinking')?.kind ?? state.lastKind
  if (last === 'text') {
    // Claude Code takes the last block for the answer: thinking after it would leave the user nothing.
    dropLastThoughts(state.waiting)
  }
  completeCalls(state.waiting)
  close(state)
  flush(state)
  if (state.index < 0) {
    // Claude Code repeats a request whose answer has no block at all.
    open(state, { kind: 'text' }, { type: 'text', text: '' })
    close(state)
  }
  const usage = part.usage ?? estimateUsage(state.options.estimatedInput(), state.characters)
  state.events.push(...toEndEvents(part, usage, state.hasTools))
  state.phase = { name: 'after' }
}

/** Blocks stay open on purpose: a client must not take half a tool call for a whole one. */
function fail(state: State, failure: Failure): void {
  state.events.push(toErrorBody(toErrorReply(failure), state.options.requestId))
  state.failure = failure
  state.waiting = []
  state.phase = { name: 'after' }
}

function open(state: State, block: OpenBlock, content_block: AnswerBlock): void {
  state.index += 1
  state.events.push({ type: 'content_block_start', index: state.index, content_block })
  state.phase = { name: 'inside', block }
  state.lastKind = block.kind
}

function openThinking(state: State): void {
  if (openKind(state) !== 'thinking') {
    open(state, { kind: 'thinking' }, { type: 'thinking', thinking: '', signature: '' })
  }
}

function close(state: State, signature = ''): void {
  const { events, index } = state
  if (state.phase.name !== 'inside') {
    return
  }
  if (state.phase.block.kind === 'thinking') {
    const delta = { type: 'signature_delta' as const, signature }
    events.push({ type: 'content_block_delta', index, delta })
  }
  events.push({ type: 'content_block_stop', index })
  state.phase = { name: 'between' }
}

/**
 * Writes what waited, up to a call whose arguments may still go on: that becomes the open block.
 * `keepsThoughts`: nothing is known yet to follow, so that thoughts after text go on waiting.
 */
function flush(state: State, { keepsThoughts = false } = {}): void {
  while (state.phase.name === 'between') {
    if (keepsThoughts && state.lastKind === 'text' && hasOnlyThoughts(state.waiting)) {
      return
    }
    const block = state.waiting.shift()
    if (block === undefined) {
      return
    }
    writeWaiting(state, block)
  }
}

function writeWaiting(state: State, block: WaitingBlock): void {
  switch (block.kind) {
    case 'text':
      tellText(state, block.text)
      close(state)
      return
    case 'thinking':
      openThinking(state)
      if (block.text !== '') {
        tellThoughts(state, block.text)
      }
      close(state, block.signature)
      return
    case 'tool': {
      const { call, id, name } = block
      open(state, { kind: 'tool', call }, { type: 'tool_use', id, name, input: {} })
      writeToolInput(state, call, block.json)
      if (block.complete) {
        close(state)
      }
    }
  }
}
