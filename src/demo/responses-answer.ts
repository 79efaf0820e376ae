/** What the demo says, as the Responses API answers it: whole, or event by event. */
import type { DemoEvent } from './serve.ts'
import { pieces } from './speech.ts'
import type { Speech } from './speech.ts'

export interface Reply {
  id: string
  model: string
  speech: Speech
  promptTokens: number
  newId: (prefix: string) => string
}

/** The whole answer. */
export function toResponse(reply: Reply): object {
  return { ...toHead(reply), ...toOutcome(reply, toItems(reply)) }
}

/** The answer as the events of a stream. */
export function* toResponseEvents(reply: Reply): Generator<DemoEvent> {
  let number = 0
  const event = (type: string, fields: object): DemoEvent => {
    const data = JSON.stringify({ type, sequence_number: number, ...fields })
    number += 1
    return { event: type, data }
  }
  yield event('response.created', {
    response: { ...toHead(reply), status: 'in_progress', output: [] },
  })
  const items = toItems(reply)
  for (const [output_index, item] of items.entries()) {
    yield event('response.output_item.added', { output_index, item: { ...item, ...item.begun } })
    const shared = { output_index, item_id: item.id }
    for (const delta of pieces(item.told)) {
      yield event(item.delta, { ...shared, ...item.place, delta })
    }
    yield event('response.output_item.done', { output_index, item: toWireItem(item) })
  }
  const outcome = { ...toHead(reply), ...toOutcome(reply, items) }
  const type = reply.speech.finish === 'length' ? 'response.incomplete' : 'response.completed'
  yield event(type, { response: outcome })
}

/** An output item, and how a stream tells it. */
interface Item {
  id: string
  type: string
  /** What is told piece by piece, in events of that name. */
  told: string
  delta: string
  place: object
  /** How it looks when it begins. */
  begun: object
  [field: string]: unknown
}

function toItems({ speech, newId }: Reply): Item[] {
  const items: Item[] = []
  if (speech.thinking !== '') {
    items.push({
      id: newId('rs_'),
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: speech.thinking }],
      encrypted_content: 'demo',
      told: speech.thinking,
      delta: 'response.reasoning_summary_text.delta',
      place: { summary_index: 0 },
      begun: { summary: [] },
    })
  }
  if (speech.call === undefined) {
    items.push({
      id: newId('msg_'),
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: speech.text, annotations: [] }],
      told: speech.text,
      delta: 'response.output_text.delta',
      place: { content_index: 0 },
      begun: { content: [] },
    })
  } else {
    items.push({
      id: newId('fc_'),
      type: 'function_call',
      call_id: newId('call_'),
      status: 'completed',
      ...speech.call,
      told: speech.call.arguments,
      delta: 'response.function_call_arguments.delta',
      place: {},
      begun: { arguments: '' },
    })
  }
  return items
}

function toWireItem({ told: _told, delta: _delta, place: _place, begun: _begun, ...item }: Item) {
  return item
}

function toHead({ id, model }: Reply): object {
  return { id, object: 'response', model }
}

function toOutcome({ speech, promptTokens }: Reply, items: readonly Item[]): object {
  const { output, thinking } = speech.tokens
  return {
    status: speech.finish === 'length' ? 'incomplete' : 'completed',
    incomplete_details: speech.finish === 'length' ? { reason: 'max_output_tokens' } : null,
    output: items.map(toWireItem),
    usage: {
      input_tokens: promptTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: thinking },
      total_tokens: promptTokens + output,
    },
  }
}
