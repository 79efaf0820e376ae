/** What upstreams of each protocol answer: streams, messages, refusals, pages. */
import { eventFrame } from '../support/streams/event-stream.ts'
import { concatenate } from '../support/streams/event-stream.ts'
import type { Choices } from './choices.ts'
import { name, text } from './texts.ts'

type Json = Record<string, unknown>

export interface Answer {
  status: number
  headers: Record<string, string>
  /** In the pieces in which it is read. */
  body: readonly Uint8Array[]
}

/** The protocols; `chat` is also that of servers of which nothing is known. */
export type Protocol = 'chat' | 'responses' | 'gemini' | 'bedrock' | 'anthropic'

const encoder = new TextEncoder()

/** An answer in that protocol, in pieces of some bytes, of a kilobyte or whole. */
export function answer(choices: Choices, size: number, protocol: Protocol): Answer {
  const { status, headers, bytes } = choices.chance(3)
    ? refusal(choices, size)
    : {
        status: 200,
        ...(protocol === 'bedrock' ? awsStream(choices, size) : stream(choices, size, protocol)),
      }
  const length = choices.one([1 << 24, 4096, 300])
  const body: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += length) {
    body.push(bytes.subarray(at, at + length))
  }
  return { status, headers, body }
}

function refusal(
  choices: Choices,
  size: number,
): { status: number; headers: Record<string, string>; bytes: Uint8Array } {
  const message = text(choices, size)
  const body = choices.one([
    () =>
      JSON.stringify({
        error: { message, code: text(choices, size), param: name(choices, 0, size) },
      }),
    () => JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } }),
    () =>
      JSON.stringify({
        detail: choices.many(size, (index) => ({
          type: 'extra_forbidden',
          msg: text(choices, size),
          loc: ['body', name(choices, index, size)],
        })),
      }),
    () =>
      JSON.stringify({
        error: { message, metadata: { raw: JSON.stringify({ error: { message } }) } },
      }),
    () =>
      JSON.stringify([
        {
          error: {
            message,
            details: choices.many(size, () => ({ '@type': text(choices, 3), retryDelay: '3s' })),
          },
        },
      ]),
    () => `<html><body>${message}</body></html>`,
    () => message,
  ])()
  const status = choices.one([400, 400, 400, 404, 413, 422, 429, 500, 503])
  // Headers take printable ASCII only, of at most some kilobytes.
  const header = text(choices, size)
    .replace(/[^ -~]/g, '')
    .slice(0, 16_000)
  const headers = choices.chance(3)
    ? { 'retry-after': header, 'x-ratelimit-reset-tokens': header }
    : {}
  return {
    status,
    headers: { 'content-type': choices.one(['application/json', 'text/html']), ...headers },
    bytes: encoder.encode(body),
  }
}

function stream(choices: Choices, size: number, protocol: Exclude<Protocol, 'bedrock'>) {
  const events = makers[protocol](choices, size)
  const isWhole = choices.chance(6)
  const form = choices.below(3)
  const bytes = encoder.encode(
    isWhole
      ? JSON.stringify(events.length === 1 ? events[0] : events)
      : events.map((event) => frame(event, form)).join('') +
          (choices.chance(2) ? 'data: [DONE]\n\n' : ''),
  )
  return { headers: { 'content-type': isWhole ? 'application/json' : 'text/event-stream' }, bytes }
}

function frame(event: Json, form: number): string {
  const named = typeof event['type'] === 'string' ? `event: ${event['type']}\n` : ''
  switch (form) {
    case 0:
      return `data: ${JSON.stringify(event)}\n\n`
    case 1:
      return `${named}data:${JSON.stringify(event)}\r\n\r\n`
    default:
      return `${named}data: ${JSON.stringify(event)}\n\n`
  }
}

function awsStream(choices: Choices, size: number) {
  const value = text(choices, size)
  const call = (index: number) => `tool-${choices.chance(2) ? 0 : index}`
  const events = choices.many(size, (index) => {
    const at = choices.chance(2) ? 0 : index
    return choices.one([
      () =>
        eventFrame('contentBlockDelta', {
          contentBlockIndex: at,
          delta: { text: value.slice(0, 2000) },
        }),
      () =>
        eventFrame('contentBlockDelta', {
          contentBlockIndex: at,
          delta: { reasoningContent: { text: 'x' } },
        }),
      () =>
        eventFrame('contentBlockStart', {
          contentBlockIndex: at,
          start: { toolUse: { toolUseId: call(index), name: 't' } },
        }),
      () =>
        eventFrame('contentBlockDelta', {
          contentBlockIndex: at,
          delta: { toolUse: { input: '{"a":' } },
        }),
      () => eventFrame('contentBlockStop', { contentBlockIndex: at }),
    ])()
  })
  const ends = [
    eventFrame('messageStop', { stopReason: 'end_turn' }),
    eventFrame('metadata', { usage: { inputTokens: 1, outputTokens: 1 } }),
  ]
  return {
    headers: { 'content-type': 'application/vnd.amazon.eventstream' },
    bytes: concatenate([eventFrame('messageStart', { role: 'assistant' }), ...events, ...ends]),
  }
}

/** Some events, some of them repeated `size` times. */
function sequence(choices: Choices, size: number, make: (index: number) => Json): Json[] {
  return choices
    .few(3, (index) => (choices.chance(2) ? choices.many(size, make) : [make(index)]))
    .flat()
}

const makers: Record<Exclude<Protocol, 'bedrock'>, (choices: Choices, size: number) => Json[]> = {
  chat(choices, size) {
    const delta = (index: number): Json => {
      const at = choices.chance(2) ? 0 : index
      return choices.one([
        () => ({ content: text(choices, size) }),
        () => ({ reasoning_content: text(choices, size) }),
        () => ({ reasoning: text(choices, size) }),
        () => ({
          reasoning_details: choices.many(size, () => ({
            type: 'reasoning.text',
            text: 'x',
            index: at,
          })),
        }),
        () => ({ content: choices.many(size, () => ({ type: 'text', text: text(choices, 4) })) }),
        () => ({
          tool_calls: choices.many(size, (call) => ({
            index: choices.chance(2) ? call : at,
            id: `c${call}`,
            function: { name: 't', arguments: text(choices, size) },
          })),
        }),
        () => ({ tool_calls: [{ index: at, function: { arguments: text(choices, 8) } }] }),
        () => ({
          images: choices.many(size, () => ({
            type: 'image_url',
            image_url: { url: text(choices, 4) },
          })),
        }),
      ])()
    }
    const events = sequence(choices, size, (index) => ({
      choices: [{ index: 0, delta: delta(index) }],
    }))
    const finish = {
      choices: [
        {
          index: 0,
          delta: {},
          finish_reason: choices.one(['stop', 'tool_calls', 'length', text(choices, size)]),
        },
      ],
    }
    return [...events, finish, { choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }]
  },
  responses(choices, size) {
    const event = (index: number): Json => {
      const at = choices.chance(2) ? 0 : index
      const item = choices.one([
        { type: 'message', id: `m${at}`, role: 'assistant', content: [] },
        { type: 'function_call', id: `f${at}`, call_id: `c${at}`, name: 't', arguments: '' },
        { type: 'reasoning', id: `r${at}`, summary: [] },
        { type: 'web_search_call', id: `w${at}` },
      ])
      return choices.one([
        () => ({ type: 'response.output_item.added', output_index: at, item }),
        () => ({
          type: 'response.output_item.done',
          output_index: at,
          item: { ...item, arguments: text(choices, size) },
        }),
        () => ({
          type: 'response.output_text.delta',
          output_index: at,
          content_index: 0,
          item_id: item.id,
          delta: text(choices, size),
        }),
        () => ({
          type: 'response.function_call_arguments.delta',
          output_index: at,
          item_id: item.id,
          delta: text(choices, 8),
        }),
        () => ({
          type: 'response.function_call_arguments.done',
          output_index: at,
          item_id: item.id,
          arguments: text(choices, size),
        }),
        () => ({
          type: 'response.reasoning_summary_text.delta',
          output_index: at,
          summary_index: at,
          item_id: item.id,
          delta: text(choices, size),
        }),
        () => ({ type: text(choices, size) }),
      ])()
    }
    const output = choices.many(size, (index) => ({
      type: 'message',
      id: `m${index}`,
      role: 'assistant',
      content: [{ type: 'output_text', text: text(choices, 4) }],
    }))
    const response = {
      id: 'r',
      status: 'completed',
      output,
      usage: { input_tokens: 1, output_tokens: 1 },
    }
    return [...sequence(choices, size, event), { type: 'response.completed', response }]
  },
  gemini(choices, size) {
    const part = (index: number): Json =>
      choices.one([
        () => ({ text: text(choices, size) }),
        () => ({ text: text(choices, size), thought: true, thoughtSignature: text(choices, 4) }),
        () => ({
          functionCall: {
            name: 't',
            id: `c${index}`,
            args: { [name(choices, index, size)]: text(choices, size) },
          },
        }),
        () => ({
          functionCall: {
            name: 't',
            partialArgs: choices.many(size, (at) => ({
              jsonPath: `$.a[${at}].${name(choices, at, 3)}`,
              stringValue: 'x',
              willContinue: true,
            })),
            willContinue: true,
          },
        }),
        () => ({ executableCode: { code: text(choices, size) } }),
      ])()
    return sequence(choices, size, (index) => ({
      candidates: [
        {
          content: { parts: choices.chance(2) ? [part(index)] : choices.many(size, part) },
          ...(choices.chance(4)
            ? { finishReason: choices.one(['STOP', 'MAX_TOKENS', 'SAFETY']) }
            : {}),
        },
      ],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1 },
    }))
  },
  anthropic(choices, size) {
    const event = (index: number): Json => {
      const at = choices.chance(2) ? 0 : index
      return choices.one([
        () => ({
          type: 'content_block_start',
          index: at,
          content_block: { type: 'text', text: text(choices, size) },
        }),
        () => ({
          type: 'content_block_delta',
          index: at,
          delta: { type: 'text_delta', text: text(choices, size) },
        }),
        () => ({
          type: 'content_block_delta',
          index: at,
          delta: { type: 'input_json_delta', partial_json: text(choices, size) },
        }),
        () => ({ type: 'content_block_stop', index: at }),
        () => ({ type: 'error', error: { type: 'api_error', message: text(choices, size) } }),
        () => ({
          type: 'message_delta',
          delta: { stop_reason: 'end_turn' },
          usage: { output_tokens: 1, iterations: choices.many(size, () => ({ input_tokens: 1 })) },
        }),
        () => ({ type: text(choices, size) }),
      ])()
    }
    const message = {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'up',
      content: [],
      stop_reason: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    }
    const start = { type: 'message_start', message }
    return [start, ...sequence(choices, size, event), { type: 'message_stop' }]
  },
}
