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
  for (const [output_index, { wire, begun, telling }] of items.entries()) {
    const { part, delta, done, place } = telling
    const shared = { output_index, item_id: wire.id, ...place }
    yield event('response.output_item.added', { output_index, item: { ...wire, ...begun } })
    if (part !== undefined) {
      yield event(`${part.event}.added`, { ...shared, part: part.empty })
    }
    for (const piece of pieces(telling.told)) {
      yield event(delta, { ...shared, delta: piece })
    }
    yield event(done.event, { ...shared, [done.field]: telling.told })
    if (part !== undefined) {
      yield event(`${part.event}.done`, { ...shared, part: part.full })
    }
    yield event('response.output_item.done', { output_index, item: wire })
  }
  const outcome = { ...toHead(reply), ...toOutcome(reply, items) }
  const type = reply.speech.finish === 'length' ? 'response.incomplete' : 'response.completed'
  yield event(type, { response: outcome })
}

/** An output item, and how a stream tells it. */
interface Item {
  wire: { id: string; type: string; [field: string]: unknown }
  /** What is otherwise when it begins. */
  begun: object
  telling: Telling
}

/** What is told piece by piece, and in which events. */
interface Telling {
  told: string
  delta: string
  /** The event with all of it, and the field that holds it. */
  done: { event: string; field: string }
  /** Which part of the item it is; calls have none. */
  place: object
  part?: { event: string; empty: object; full: object }
}

function toItems({ speech, newId }: Reply): Item[] {
  const thought = speech.thinking === '' ? [] : [toReasoning(newId('rs_'), speech.thinking)]
  const said =
    speech.call === undefined
      ? toMessage(newId('msg_'), speech.text)
      : toCall(newId('fc_'), newId('call_'), speech.call)
  return [...thought, said]
}

function toReasoning(id: string, thinking: string): Item {
  const event = 'response.reasoning_summary_text'
  const full = { type: 'summary_text', text: thinking }
  return {
    wire: { id, type: 'reasoning', summary: [full], encrypted_content: 'demo' },
    begun: { summary: [] },
    telling: {
      told: thinking,
      delta: `${event}.delta`,
      done: { event: `${event}.done`, field: 'text' },
      place: { summary_index: 0 },
      part: { event: 'response.reasoning_summary_part', empty: { ...full, text: '' }, full },
    },
  }
}

function toMessage(id: string, text: string): Item {
  const event = 'response.output_text'
  const full = { type: 'output_text', text, annotations: [] }
  return {
    wire: { id, type: 'message', role: 'assistant', status: 'completed', content: [full] },
    begun: { status: 'in_progress', content: [] },
    telling: {
      told: text,
      delta: `${event}.delta`,
      done: { event: `${event}.done`, field: 'text' },
      place: { content_index: 0 },
      part: { event: 'response.content_part', empty: { ...full, text: '' }, full },
    },
  }
}

function toCall(id: string, call_id: string, call: NonNullable<Speech['call']>): Item {
  const event = 'response.function_call_arguments'
  return {
    wire: { id, type: 'function_call', call_id, status: 'completed', ...call },
    begun: { status: 'in_progress', arguments: '' },
    telling: {
      told: call.arguments,
      delta: `${event}.delta`,
      done: { event: `${event}.done`, field: 'arguments' },
      place: {},
    },
  }
}

function toHead({ id, model }: Reply): object {
  return { id, object: 'response', model }
}

function toOutcome({ speech, promptTokens }: Reply, items: readonly Item[]): object {
  const { output, thinking } = speech.tokens
  return {
    status: speech.finish === 'length' ? 'incomplete' : 'completed',
    incomplete_details: speech.finish === 'length' ? { reason: 'max_output_tokens' } : null,
    output: items.map(({ wire }) => wire),
    usage: {
      input_tokens: promptTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: thinking },
      total_tokens: promptTokens + output,
    },
  }
}
