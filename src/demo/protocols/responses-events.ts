/** Formats output as a response of the Responses API, or as the events of a stream. */
import type { DemoEvent } from '../http-response.ts'
import { splitIntoDeltas } from './output.ts'
import type { Output, OutputCall } from './output.ts'

/** A response of the Responses API before it is formatted. */
export interface Reply {
  id: string
  model: string
  /** The time in seconds since the epoch. */
  created: number
  output: Output
  promptTokens: number
  newId: (prefix: string) => string
}

/** Formats a non-streaming response. */
export function toResponse(reply: Reply): object {
  return { ...toHead(reply), ...toOutcome(reply, toItems(reply)) }
}

/** Formats the events of a stream. */
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
  for (const [output_index, { wire, initial, streamed }] of items.entries()) {
    const { part, event: name, field, place } = streamed
    const shared = { output_index, item_id: wire.id, ...place }
    yield event('response.output_item.added', { output_index, item: { ...wire, ...initial } })
    if (part !== undefined) {
      yield event(`${part.event}.added`, { ...shared, part: part.empty })
    }
    for (const piece of splitIntoDeltas(streamed.text)) {
      yield event(`${name}.delta`, { ...shared, delta: piece })
    }
    yield event(`${name}.done`, { ...shared, [field]: streamed.text })
    if (part !== undefined) {
      yield event(`${part.event}.done`, { ...shared, part: part.full })
    }
    yield event('response.output_item.done', { output_index, item: wire })
  }
  const outcome = { ...toHead(reply), ...toOutcome(reply, items) }
  const type = reply.output.finish === 'length' ? 'response.incomplete' : 'response.completed'
  yield event(type, { response: outcome })
}

/** An output item and its events. */
interface Item {
  wire: { id: string; type: string; [field: string]: unknown }
  /** The fields with other values in `output_item.added`. */
  initial: object
  streamed: StreamedText
}

/** The text that is streamed in deltas, and its events. */
interface StreamedText {
  text: string
  /** The name of its events, without `.delta` and `.done`. */
  event: string
  /** The field of the final event with the whole text. */
  field: string
  /** The index of the part within the item; calls have none. */
  place: object
  part?: { event: string; empty: object; full: object }
}

function toItems({ output, newId }: Reply): Item[] {
  const reasoning = output.thinking === '' ? [] : [toReasoning(newId('rs_'), output.thinking)]
  const calls = output.calls.map((call) => toCall(newId('fc_'), newId('call_'), call))
  return [...reasoning, ...(calls.length > 0 ? calls : [toMessage(newId('msg_'), output.text)])]
}

function toReasoning(id: string, thinking: string): Item {
  const full = { type: 'summary_text', text: thinking }
  return {
    wire: { id, type: 'reasoning', summary: [full], encrypted_content: 'demo' },
    initial: { summary: [] },
    streamed: {
      text: thinking,
      event: 'response.reasoning_summary_text',
      field: 'text',
      place: { summary_index: 0 },
      part: { event: 'response.reasoning_summary_part', empty: { ...full, text: '' }, full },
    },
  }
}

function toMessage(id: string, text: string): Item {
  const full = { type: 'output_text', text, annotations: [] }
  return {
    wire: { id, type: 'message', role: 'assistant', status: 'completed', content: [full] },
    initial: { status: 'in_progress', content: [] },
    streamed: {
      text,
      event: 'response.output_text',
      field: 'text',
      place: { content_index: 0 },
      part: { event: 'response.content_part', empty: { ...full, text: '' }, full },
    },
  }
}

function toCall(id: string, call_id: string, call: OutputCall): Item {
  return {
    wire: { id, type: 'function_call', call_id, status: 'completed', ...call },
    initial: { status: 'in_progress', arguments: '' },
    streamed: {
      text: call.arguments,
      event: 'response.function_call_arguments',
      field: 'arguments',
      place: {},
    },
  }
}

/** The fields that strict clients require, beside those that depend on the answer. */
function toHead({ id, model, created }: Reply): object {
  return {
    id,
    object: 'response',
    created_at: created,
    model,
    error: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    temperature: 1,
    top_p: 1,
  }
}

function toOutcome(
  { output: { finish, tokens }, promptTokens }: Reply,
  items: readonly Item[],
): object {
  return {
    status: finish === 'length' ? 'incomplete' : 'completed',
    incomplete_details: finish === 'length' ? { reason: 'max_output_tokens' } : null,
    output: items.map(({ wire }) => wire),
    usage: {
      input_tokens: promptTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: tokens.output,
      output_tokens_details: { reasoning_tokens: tokens.thinking },
      total_tokens: promptTokens + tokens.output,
    },
  }
}
