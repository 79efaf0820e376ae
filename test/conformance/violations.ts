/** For each check a gateway that breaks what it checks: the real one, with one thing changed on its way. */
import type { JsonObject } from '../../src/anthropic/json.ts'
import { asArray, asObject, parseJson } from '../../src/anthropic/json.ts'
import type { Access } from '../../src/cli/conformance/endpoint/endpoint.ts'

type Fetch = Access['fetch']

/** Makes a broken gateway of one that works. */
export type Violation = (working: Fetch) => Fetch

/** Changes the fields of every JSON request: a gateway that ignores some of them. */
function request(change: (body: JsonObject) => JsonObject): Violation {
  return (working) => (url, init) => {
    const body = typeof init?.body === 'string' ? asObject(parseJson(init.body)) : undefined
    return working(url, body ? { ...init, body: JSON.stringify(change(body)) } : init)
  }
}

function without(...fields: string[]): Violation {
  return request((body) => omit(body, ...fields))
}

function omit(object: JsonObject, ...fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !fields.includes(name)))
}

/** Changes the content of messages. */
function messages(change: (messages: readonly JsonObject[]) => readonly JsonObject[]): Violation {
  return request((body) => ({
    ...body,
    messages: change(asArray(body['messages']).map((each) => asObject(each) ?? {})),
  }))
}

function blocks(change: (block: JsonObject) => JsonObject[]): Violation {
  return messages((all) =>
    all.map((message) => ({
      ...message,
      content: Array.isArray(message['content'])
        ? message['content'].flatMap((block) => change(asObject(block) ?? {}))
        : message['content'],
    })),
  )
}

const lastMessage = messages((all) => all.slice(-1))
const withoutSystemMessages = messages((all) => all.filter(({ role }) => role !== 'system'))
const withoutMedia = blocks((block) =>
  ['image', 'document', 'search_result'].includes(String(block['type'])) ? [] : [block],
)
const emptyResults = blocks((block) =>
  block['type'] === 'tool_result' ? [{ ...block, content: 'Done.' }] : [block],
)

/** Changes the text of every response. */
function response(change: (text: string, status: number) => string): Violation {
  return (working) => async (url, init) => {
    const real = await working(url, init)
    const text = await real.text().catch(() => '')
    return new Response(change(text, real.status), { status: real.status, headers: real.headers })
  }
}

/** Changes every JSON response. */
function json(change: (body: JsonObject) => JsonObject): Violation {
  return response((text) => {
    const body = asObject(parseJson(text))
    return body === undefined ? text : JSON.stringify(change(body))
  })
}

/** Answers everything in that way. */
function always(status: number, body: unknown = {}): Violation {
  return () => async () =>
    new Response(status === 204 ? null : JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', 'request-id': 'req_1' },
    })
}

function header(name: string, value: string | undefined): Violation {
  return (working) => async (url, init) => {
    const real = await working(url, init)
    const headers = new Headers(real.headers)
    headers.delete(name)
    if (value !== undefined) {
      headers.set(name, value)
    }
    return new Response(real.body, { status: real.status, headers })
  }
}

const envelope = (type: string, message = 'No.') => ({ type: 'error', error: { type, message } })
const crash = always(500, envelope('api_error'))
const accepts = always(200, {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [{ type: 'text', text: 'Hi' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
})

const otherText = response((text) => text.replaceAll(/PELICAN|PE|LICAN|GAMMA|NOTED/g, 'x'))
const ascii = response((text) => text.replaceAll(/[^ -~\n]/g, '?'))
const withoutStop = response((text) => text.replace(/event: message_stop\n[^]*/, ''))
const withoutTools = without('tools', 'tool_choice')
const emptyList = json((body) => ({ ...body, data: [] }))

function usage(change: (usage: JsonObject) => JsonObject): Violation {
  return json((body) => ({ ...body, usage: change(asObject(body['usage']) ?? {}) }))
}

const unsigned = json((body) => ({
  ...body,
  content: asArray(body['content']).map((each) => {
    const { signature: _, ...block } = asObject(each) ?? {}
    return block['type'] === 'thinking' ? { ...block, thinking: '' } : block
  }),
}))

/** A stream that looks complete, whatever the upstream did. */
const complete: Violation = () => async () =>
  new Response(
    [
      {
        type: 'message_start',
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'm',
          content: [],
          stop_reason: null,
          usage: { input_tokens: 1, output_tokens: 1 },
        },
      },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: 1 },
      },
      { type: 'message_stop' },
    ]
      .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      .join(''),
    { headers: { 'content-type': 'text/event-stream' } },
  )

/** The server tool is handed to the client. */
const clientSearch = always(200, {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [{ type: 'tool_use', id: 'toolu_1', name: 'web_search', input: {} }],
  stop_reason: 'tool_use',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
})

/** Usage that grows from answer to answer. */
const countedTwice: Violation = (working) => {
  let factor = 1
  return usage((each) => ({ ...each, input_tokens: Number(each['input_tokens']) * factor++ }))(
    working,
  )
}

export const violations: Record<string, Violation> = {
  'text.reply': otherText,
  'text.shape': json((body) => omit(body, 'usage')),
  'text.model': json((body) => omit(body, 'model')),
  'text.string-content': always(400, envelope('invalid_request_error')),
  'text.system-string': without('system'),
  'text.system-blocks': without('system'),
  'text.turns': lastMessage,
  'text.adjacent-turns': lastMessage,
  'text.text-blocks': messages((all) =>
    all.map((each) => ({ ...each, content: asArray(each['content']).slice(-1) })),
  ),
  'text.unicode': ascii,
  'text.max-tokens': request((body) => ({ ...body, max_tokens: 2000 })),
  'text.no-output': crash,
  'text.stop-sequence': without('stop_sequences'),
  'text.prefill': otherText,
  'text.sampling': crash,

  'streaming.text': withoutStop,
  'streaming.headers': header('content-type', 'application/json'),
  'streaming.increments': response((text) =>
    text.replaceAll(/event: content_block_delta\n.*\n\n/g, ''),
  ),
  'streaming.usage': response((text) =>
    text.replaceAll(/"output_tokens":\d+/g, '"output_tokens":0'),
  ),
  'streaming.unicode': ascii,
  'streaming.tool': withoutTools,
  'streaming.parallel-tools': response((text) => text.replaceAll('"index":1', '"index":0')),
  'streaming.empty-input': withoutTools,
  'streaming.thinking': response((text) => text.replaceAll('signature_delta', 'text_delta')),
  'streaming.stop-sequence': without('stop_sequences'),
  'streaming.max-tokens': request((body) => ({ ...body, max_tokens: 2000 })),
  'streaming.error': accepts,

  'calls.call': withoutTools,
  'calls.no-input': withoutTools,
  'calls.nested': response((text) => text.replaceAll('OWL', 'DUCK')),
  'calls.long-name': response((text) => text.replaceAll(/"name":"mcp__\w+"/g, '"name":"mcp"')),
  'calls.unicode-input': ascii,
  'calls.large-number': response((text) => text.replaceAll('9007199254740991', '9007199254740992')),
  'calls.parallel': response((text) => text.replaceAll(/"id":"\w+"/g, '"id":"toolu_1"')),
  'calls.single': without('tool_choice'),
  'calls.any': without('tool_choice'),
  'calls.named': without('tool_choice'),
  'calls.none': without('tool_choice'),
  'calls.beside-text': otherText,
  'calls.strict': withoutTools,
  'calls.bash': withoutTools,
  'calls.text-editor': withoutTools,

  'results.loop': emptyResults,
  'results.text': emptyResults,
  'results.blocks': blocks((block) =>
    block['type'] === 'tool_result'
      ? [{ ...block, content: asArray(block['content']).slice(0, 1) }]
      : [block],
  ),
  'results.error': emptyResults,
  'results.two': emptyResults,
  'results.empty': crash,
  'results.image': emptyResults,
  'results.document': emptyResults,
  'results.without-tools': emptyResults,
  'results.odd-ids': emptyResults,
  'results.second-loop': emptyResults,
  'results.orphan': crash,

  'thinking.budget': unsigned,
  'thinking.adaptive': unsigned,
  'thinking.disabled': request((body) => ({ ...body, thinking: { type: 'adaptive' } })),
  'thinking.omitted': unsigned,
  'thinking.effort': otherText,
  'thinking.replay-text': lastMessage,
  'thinking.replay-tool': emptyResults,
  'thinking.foreign': lastMessage,

  'media.image': withoutMedia,
  'media.streamed-image': withoutMedia,
  'media.pdf': withoutMedia,
  'media.text-document': withoutMedia,
  'media.content-document': withoutMedia,
  'media.search-result': withoutMedia,
  'media.citations': withoutMedia,

  'structured.schema': without('output_config'),
  'structured.stream': without('output_config'),
  'structured.nested': without('output_config'),
  'structured.with-tools': without('output_config'),

  'tokens.count-text': json((body) => ({
    ...body,
    input_tokens: (Number(body['input_tokens']) / 2) | 0,
  })),
  'tokens.count-tools': json((body) => ({
    ...body,
    input_tokens: Number(body['input_tokens']) * 2,
  })),
  'tokens.count-grows': always(200, { input_tokens: 7 }),
  'tokens.count-error': always(200, { input_tokens: 7 }),
  'tokens.cache-fields': usage((each) => omit(each, 'cache_read_input_tokens')),
  'tokens.cache-read': countedTwice,
  'tokens.cache-control': crash,

  'errors.no-key': accepts,
  'errors.bad-key': accepts,
  'errors.bad-json': crash,
  'errors.missing-messages': accepts,
  'errors.missing-max-tokens': crash,
  'errors.empty-messages': always(400, { detail: 'no envelope' }),
  'errors.bad-role': accepts,
  'errors.bad-block': crash,
  'errors.bad-tool': accepts,
  'errors.unknown-model': accepts,
  'errors.unknown-path': accepts,
  'errors.method': accepts,
  'errors.too-long': (working) => (url, init) =>
    (init?.method === 'POST' ? crash : always(200, { max_input_tokens: 100 }))(working)(url, init),
  'errors.request-id': header('request-id', undefined),

  'faults.rate-limit': crash,
  'faults.overloaded': accepts,
  'faults.server-error': accepts,
  'faults.provider-key': always(401, envelope('authentication_error')),
  'faults.context-window': crash,
  'faults.garbage': accepts,
  'faults.cut-before-content': complete,
  'faults.cut-within-text': complete,
  'faults.ended-early': complete,
  'faults.error-within-stream': complete,

  'requests.bearer-key': always(401, envelope('authentication_error')),
  'requests.both-keys': always(401, envelope('authentication_error')),
  'requests.new-version': always(400, envelope('invalid_request_error')),
  'requests.metadata': always(400, envelope('invalid_request_error')),
  'requests.service-tier': crash,
  'requests.unknown-field': always(400, { detail: 'no envelope' }),
  'requests.known-beta': always(400, envelope('invalid_request_error')),
  'requests.unknown-beta': crash,
  'requests.beta-query': always(404, envelope('not_found_error')),
  'requests.gzip': crash,
  'requests.request-id': header('request-id', 'req_1'),
  'requests.answer-id': json((body) => ({ ...body, id: 'msg_1' })),

  'models.list': emptyList,
  'models.entry': json((body) => ({ ...body, data: [{}] })),
  'models.pages': json((body) => ({ ...body, has_more: false })),
  'models.get': always(200),
  'models.unknown': always(200),
  'models.key': always(200),

  'conversations.system-message': withoutSystemMessages,
  'conversations.system-effort': withoutSystemMessages,
  'conversations.tool-removal': withoutSystemMessages,
  'conversations.context-editing': crash,
  'conversations.compaction': crash,
  'conversations.thread': always(400, envelope('invalid_request_error')),
  'conversations.fallbacks': crash,
  'conversations.batches': always(200),
  'conversations.files': always(200),

  'server-tools.web-search': clientSearch,
  'server-tools.web-search-stream': withoutStop,
  'server-tools.web-search-usage': clientSearch,
  'server-tools.code-execution': always(200, { content: [] }),
  'server-tools.tool-search': withoutTools,
  'server-tools.mcp': clientSearch,
  'server-tools.beside-client-tools': withoutTools,

  'claude-code.hello': crash,
  'claude-code.prompt': otherText,
  'claude-code.system-prompt': without('system'),
  'claude-code.tool-loop': emptyResults,
  'claude-code.deferred-tool': withoutTools,
  'claude-code.title': without('output_config'),
  'claude-code.counts-at-once': always(200, { input_tokens: 0 }),
  'claude-code.discovery': emptyList,
  'claude-code.plain-retry': crash,
  'claude-code.auto-mode': withoutTools,

  'sdk.create': otherText,
  'sdk.stream': withoutStop,
  'sdk.tools': emptyResults,
  'sdk.errors': crash,
  'sdk.models': emptyList,
  'sdk.count': always(200, { input_tokens: 0 }),
}
