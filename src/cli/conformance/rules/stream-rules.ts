/**
 * The rules of a stream of the Messages API (https://docs.claude.com/en/docs/build-with-claude/streaming),
 * as strict clients rely on them. One checker for all checks that stream.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount, asObject, asString, parseJson } from '../../../anthropic/json.ts'
import { messageFaults, stopFaults } from './message-rules.ts'
import { OpenBlock } from './open-block.ts'
import type { EventStream, StreamEvent } from './read-events.ts'

/** Checks a whole stream; returns a sentence for each rule that it breaks, in the order of the events. */
export function streamFaults({ events, rest }: EventStream): string[] {
  const rules = new StreamRules()
  for (const event of events) {
    rules.check(event)
  }
  return rules.end(rest)
}

class StreamRules {
  readonly #faults: string[] = []
  #phase: 'before' | 'blocks' | 'delta' | 'ended' | 'error' = 'before'
  #open: OpenBlock | undefined
  #nextIndex = 0
  #calls = 0
  #stop: JsonObject = {}
  readonly #ids = new Set<string>()
  /** Whether a call may be incomplete; it is known only at the end, so its faults wait. */
  readonly #inputFaults: string[] = []

  check({ name, data }: StreamEvent): void {
    const event = asObject(parseJson(data))
    if (name === undefined || event === undefined || event['type'] !== name) {
      this.#faults.push(
        name === undefined
          ? 'an event has no name'
          : `the data of ${name} is not a JSON object of that type`,
      )
      return
    }
    if (this.#phase === 'ended' || this.#phase === 'error') {
      this.#faults.push(`${name} follows the end`)
    } else if (name !== 'ping') {
      this.#checkEvent(name, event)
    }
  }

  end(rest: string): string[] {
    if (rest !== '') {
      this.#faults.push('the last event does not end with a blank line')
    }
    if (this.#phase === 'error') {
      return this.#faults
    }
    if (this.#phase !== 'ended') {
      this.#faults.push('message_stop is missing')
    }
    const stopReason = asString(this.#stop['stop_reason'])
    const isCut = stopReason === 'max_tokens' || stopReason === 'model_context_window_exceeded'
    return [
      ...this.#faults,
      ...(isCut ? [] : this.#inputFaults),
      ...(this.#phase === 'ended' ? stopFaults(this.#stop, this.#calls) : []),
    ]
  }

  #checkEvent(name: string, event: JsonObject): void {
    switch (name) {
      case 'message_start':
        this.#start(event)
        break
      case 'content_block_start':
        this.#openBlock(event)
        break
      case 'content_block_delta':
        this.#need(this.#isOpen(event), 'a delta is not for the open block')
        this.#faults.push(...(this.#open?.delta(event['delta']) ?? []))
        break
      case 'content_block_stop':
        this.#closeBlock(event)
        break
      case 'message_delta':
        this.#delta(event)
        break
      case 'message_stop':
        this.#need(this.#phase === 'delta', 'message_stop does not follow message_delta')
        this.#phase = 'ended'
        break
      case 'error':
        this.#error(event)
        break
      default:
        this.#faults.push(`${name} is not an event of the Messages API`)
    }
  }

  #start(event: JsonObject): void {
    this.#need(this.#phase === 'before', 'message_start is not the first event')
    const message = asObject(event['message']) ?? {}
    this.#faults.push(...messageFaults(message).map((fault) => `message_start: ${fault}`))
    this.#need(
      Array.isArray(message['content']) && message['content'].length === 0,
      'message_start has content',
    )
    this.#need((message['stop_reason'] ?? null) === null, 'message_start has a stop_reason')
    this.#phase = 'blocks'
  }

  #openBlock(event: JsonObject): void {
    this.#need(this.#phase === 'blocks', 'a block starts outside of the message')
    this.#need(this.#open === undefined, 'a block starts before the previous one is closed')
    this.#need(event['index'] === this.#nextIndex, `a block has index ${String(event['index'])}`)
    this.#open = new OpenBlock(asObject(event['content_block']) ?? {})
    this.#faults.push(...this.#open.start())
    this.#nextIndex += 1
    const { id, isCall } = this.#open
    this.#calls += isCall ? 1 : 0
    this.#need(id === undefined || !this.#ids.has(id), 'two blocks have the same id')
    this.#ids.add(id ?? '')
  }

  #closeBlock(event: JsonObject): void {
    this.#need(this.#isOpen(event), 'content_block_stop is not for the open block')
    this.#inputFaults.push(...(this.#open?.end() ?? []))
    this.#open = undefined
  }

  #delta(event: JsonObject): void {
    this.#need(
      this.#phase === 'blocks' || this.#phase === 'delta',
      'message_delta is outside of the message',
    )
    this.#need(this.#open === undefined, 'message_delta comes before the last block is closed')
    const usage = asObject(event['usage'])
    this.#need(
      asCount(usage?.['output_tokens']) !== undefined,
      'message_delta has no usage.output_tokens',
    )
    this.#stop = { ...this.#stop, ...asObject(event['delta']) }
    this.#phase = 'delta'
  }

  #error(event: JsonObject): void {
    const error = asObject(event['error'])
    const isComplete = [error?.['type'], error?.['message']].every(
      (field) => typeof field === 'string' && field !== '',
    )
    this.#need(isComplete, 'the error event has no type and message')
    this.#phase = 'error'
  }

  #isOpen(event: JsonObject): boolean {
    return this.#open !== undefined && event['index'] === this.#nextIndex - 1
  }

  #need(condition: boolean, otherwise: string): void {
    if (!condition) {
      this.#faults.push(otherwise)
    }
  }
}
