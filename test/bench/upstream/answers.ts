/** What the stub upstream says: the same words in both protocols, so that every answer can be checked. */

const vocabulary = [
  'Once',
  ' upon',
  ' a',
  ' time',
  ',',
  ' the',
  ' stream',
  ' ran',
  '.',
  '\n\n',
  ' It',
  '’s',
  ' said',
  ' "so"',
  ' –',
  ' 17',
  ' cafés',
  ' in',
  ' 東京',
  '\n',
  '- ',
  '`x',
  ' =>',
  ' {',
  '\\n',
  '}`',
  ' and',
  ' then',
  ' some',
  ' more',
  ' 🙂',
]

/** The words of an answer, one a chunk. */
export function wordsOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => vocabulary[(index * 7) % vocabulary.length]!)
}

/** The text that a client must end up with. */
export function textOf(count: number): string {
  return wordsOf(count).join('')
}

const promptTokens = 1200

/** Chat completion chunks of about 300 bytes, as server-sent events. */
export function chatEvents(count: number): string[] {
  const base = {
    id: 'chatcmpl-CkQ2vTn8uYbA0ZsWgHqLxRd5eFpJ3',
    object: 'chat.completion.chunk',
    created: 1_795_000_000,
    model: 'bench-model-2026-10-01',
    service_tier: 'default',
    system_fingerprint: 'fp_7c3e1a90b2',
  }
  const chunk = (delta: object, finishReason: string | null = null): string => {
    const choice = { index: 0, delta, logprobs: null, finish_reason: finishReason }
    return toData({ ...base, choices: [choice], usage: null })
  }
  return [
    chunk({ role: 'assistant', content: '', refusal: null }),
    ...wordsOf(count).map((content) => chunk({ content })),
    chunk({}, 'stop'),
    toData({ ...base, choices: [], usage: chatUsage(count) }),
    'data: [DONE]\n\n',
  ]
}

/** The same as one JSON document. */
export function chatReply(count: number): string {
  const message = { role: 'assistant', content: textOf(count), refusal: null, annotations: [] }
  return JSON.stringify({
    id: 'chatcmpl-CkQ2vTn8uYbA0ZsWgHqLxRd5eFpJ3',
    object: 'chat.completion',
    created: 1_795_000_000,
    model: 'bench-model-2026-10-01',
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: chatUsage(count),
    service_tier: 'default',
    system_fingerprint: 'fp_7c3e1a90b2',
  })
}

/** The same in Anthropic's protocol. */
export function messageEvents(count: number, model: string): string[] {
  const start = {
    ...messageBase(model),
    content: [],
    stop_reason: null,
    usage: { input_tokens: promptTokens, output_tokens: 1 },
  }
  const block = { index: 0, content_block: { type: 'text', text: '' } }
  const delta = (text: string) => ({ index: 0, delta: { type: 'text_delta', text } })
  const end = {
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: count },
  }
  return [
    toEvent('message_start', { message: start }),
    toEvent('content_block_start', block),
    ...wordsOf(count).map((text) => toEvent('content_block_delta', delta(text))),
    toEvent('content_block_stop', { index: 0 }),
    toEvent('message_delta', end),
    toEvent('message_stop', {}),
  ]
}

/** The same as one JSON document. */
export function messageReply(count: number, model: string): string {
  return JSON.stringify({
    ...messageBase(model),
    content: [{ type: 'text', text: textOf(count) }],
    stop_reason: 'end_turn',
    usage: { input_tokens: promptTokens, output_tokens: count },
  })
}

function messageBase(model: string): object {
  const id = 'msg_01XBenchBenchBenchBenchBe'
  return { id, type: 'message', role: 'assistant', model, stop_sequence: null }
}

function chatUsage(count: number): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: count,
    total_tokens: promptTokens + count,
    prompt_tokens_details: { cached_tokens: 1024, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  }
}

function toData(chunk: object): string {
  return `data: ${JSON.stringify(chunk)}\n\n`
}

function toEvent(type: string, fields: object): string {
  return `event: ${type}\n${toData({ type, ...fields })}`
}
