/**
 * Folds events into a message. A non-streaming message is a folded stream, so that the two cannot
 * differ.
 */
import { markExact, mayBeInexact, unmarkExact } from '../exact-json.ts'
import { asObject, parseJson } from '../json.ts'
import type { CompactionBlock } from './wire/complete-blocks.ts'
import type { AnswerBlock, Delta, Message, StreamEvent } from './wire/message.ts'

/** Folds the events of one message. Throws if they are not a complete message. */
export function foldMessage(events: readonly StreamEvent[]): Message {
  const fold = new MessageFold()
  fold.add(events)
  return fold.message()
}

/** A message that is built from events. */
export class MessageFold {
  #message: Message | undefined
  readonly #inputs = new Map<number, string>()
  #isMarked = false

  add(events: readonly StreamEvent[]): void {
    for (const event of events) {
      this.#add(event)
    }
  }

  /** Returns the message. Throws if it is incomplete or has failed. */
  message(): Message {
    const message = this.#message
    if (message === undefined || message.stop_reason === null) {
      throw new Error('events without a whole message')
    }
    this.content()
    return message
  }

  /** The blocks so far, with the inputs of calls as far as they were written. */
  content(): readonly AnswerBlock[] {
    const content = this.#message?.content ?? []
    for (const [index, json] of this.#inputs) {
      const block = content[index]
      if (block !== undefined && 'input' in block) {
        this.#isMarked ||= mayBeInexact(json)
        block.input = toInput(json)
      }
    }
    return content
  }

  /**
   * Returns the message as JSON, with tool inputs as the model wrote them. Throws as {@link
   * message} does.
   */
  toJson(): string {
    const json = JSON.stringify(this.message())
    return this.#isMarked ? unmarkExact(json) : json
  }

  #add(event: StreamEvent): void {
    switch (event.type) {
      case 'message_start':
        this.#message = { ...event.message, content: [] }
        break
      case 'content_block_start':
        this.#message?.content.push({ ...event.content_block })
        if (this.#message !== undefined && event.content_block.type === 'fallback') {
          // SDKs name the model that served the answer, too.
          this.#message.model = event.content_block.to.model
        }
        break
      case 'content_block_delta':
        applyDelta(this.#message?.content[event.index], event, this.#inputs)
        break
      case 'message_delta':
        this.#message = this.#message && withEnd(this.#message, event)
        break
      default:
    }
  }
}

function withEnd(
  message: Message,
  { delta, usage, context_management }: Extract<StreamEvent, { type: 'message_delta' }>,
): Message {
  const complete = { ...message, ...delta, usage }
  return context_management === undefined ? complete : { ...complete, context_management }
}

function applyDelta(
  block: AnswerBlock | undefined,
  { index, delta }: Extract<StreamEvent, { type: 'content_block_delta' }>,
  inputs: Map<number, string>,
): void {
  if (delta.type === 'input_json_delta') {
    inputs.set(index, (inputs.get(index) ?? '') + delta.partial_json)
    return
  }
  switch (block?.type) {
    case 'thinking':
      return applyThinking(block, delta)
    case 'text':
      return applyText(block, delta)
    case 'compaction':
      return applyCompaction(block, delta)
    default:
  }
}

type BlockDelta = Exclude<Delta, { type: 'input_json_delta' }>

function applyText(block: Extract<AnswerBlock, { type: 'text' }>, delta: BlockDelta): void {
  if (delta.type === 'text_delta') {
    block.text += delta.text
  } else if (delta.type === 'citations_delta') {
    block.citations = [...(block.citations ?? []), delta.citation]
  }
}

function applyCompaction(block: CompactionBlock, delta: BlockDelta): void {
  if (delta.type === 'compaction_delta') {
    block.content = delta.content
    block.encrypted_content = delta.encrypted_content
  }
}

function applyThinking(block: Extract<AnswerBlock, { type: 'thinking' }>, delta: BlockDelta): void {
  if (delta.type === 'thinking_delta') {
    block.thinking += delta.thinking
  } else if (delta.type === 'signature_delta') {
    block.signature = delta.signature
  }
}

/**
 * A tool's input. Arguments that are not JSON (truncated by the token limit, or malformed) are
 * shown, not replaced by `{}`.
 */
function toInput(json: string): unknown {
  if (json.trim() === '') {
    return {}
  }
  const parsed = mayBeInexact(json)
    ? asObject(parseJson(markExact(`{"input":${json}}`)))?.['input']
    : parseJson(json)
  return parsed ?? { INVALID_JSON: json }
}
