import { describe, expect, test } from 'vitest'

import type { ExchangeRecord } from '../../../src/exchange/record/exchange-record.ts'
import type { FinishedExchange } from '../../../src/exchange/trace/finished.ts'
import { toSpans } from '../../../src/exchange/trace/to-spans.ts'
import { toTraceRequest } from '../../../src/telemetry/otlp-json.ts'
import type { Convention } from '../../../src/telemetry/settings.ts'
import type { Span } from '../../../src/telemetry/span.ts'
import { admissionOf, deliveredOf, recordOf, targetOf, usage } from '../record/record.ts'

const trace = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: '00000000000000aa',
  parentSpanId: undefined,
  isSampled: true,
}

const http = { method: 'POST', path: '/v1/messages', status: 200, ms: 40 }

const complete = {
  state: 'complete' as const,
  delivered: deliveredOf({ usage }),
  stopReason: 'end_turn' as const,
}

const billed = { usage, cost: 5_000, implausible: undefined }

function spansOf(
  more: Partial<ExchangeRecord>,
  finished: Partial<FinishedExchange> = {},
  conventions: readonly Convention[] = ['gen_ai'],
): Span[] {
  let ids = 0
  const newSpanId = (): string => String((ids += 1)).padStart(16, '0')
  const exchange = { record: recordOf({ outcome: complete, ...more }), http, billed, ...finished }
  return toSpans(exchange, { trace, conventions, newSpanId })
}

describe('the spans of an exchange', () => {
  test('the spans of an exchange are the request, the call to the model, its attempts and its tools', () => {
    const spans = spansOf({
      attempts: [
        { target: 'p/x', failed: 'overloaded_error', startedAt: 1_002, ms: 3 },
        { target: 'q/y', failed: undefined, startedAt: 1_006, ms: 4 },
      ],
      toolRuns: [
        { name: 'web_search', callId: 'srvtoolu_1', startedAt: 1_020, ms: 5, failed: 'timeout' },
      ],
    })
    const places = spans.map(({ name, kind, parentSpanId, startedAt, endedAt, error }) => [
      name,
      kind,
      spans.find(({ spanId }) => spanId === parentSpanId)?.name,
      startedAt,
      endedAt,
      error,
    ])
    expect(places).toEqual([
      ['POST /v1/messages', 'server', undefined, 1_000, 1_040, undefined],
      ['chat m', 'client', 'POST /v1/messages', 1_002, 1_040, undefined],
      ['attempt p/x', 'client', 'chat m', 1_002, 1_005, 'overloaded_error'],
      ['attempt q/y', 'client', 'chat m', 1_006, 1_010, undefined],
      ['execute_tool web_search', 'internal', 'chat m', 1_020, 1_025, 'timeout'],
    ])
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([trace.traceId]))
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length)
  })

  test('the spans of an exchange have the request, the model that answered, and the usage, with cached tokens as input', () => {
    const target = targetOf({ name: 'mine/gpt-x', provider: 'mine', genAiProvider: 'openai' })
    const [request, call] = spansOf({
      target,
      admission: admissionOf({ session: 'session-1', agent: 'agent-1' }),
      parameters: { maxTokens: 99, temperature: 1, topP: 0.5, topK: 3, isJson: true },
      adaptations: [{ field: 'top_k', action: 'drop' }],
    })
    expect(request?.attributes).toMatchObject({
      'http.request.method': 'POST',
      'url.path': '/v1/messages',
      'http.response.status_code': 200,
      'user.id': 'k',
      'session.id': 'session-1',
      'gateway.request_id': 'req_1',
    })
    expect(call?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'm',
      'gen_ai.response.model': 'gpt-x',
      'gen_ai.response.finish_reasons': ['end_turn'],
      'gen_ai.request.max_tokens': 99,
      'gen_ai.request.temperature': { double: 1 },
      'gen_ai.request.top_k': 3,
      'gen_ai.request.stream': true,
      'gen_ai.output.type': 'json',
      'gen_ai.conversation.id': 'session-1',
      'gen_ai.agent.id': 'agent-1',
      'gen_ai.usage.input_tokens': usage.input + usage.cacheRead + usage.cacheWrite,
      'gen_ai.usage.output_tokens': usage.output,
      'gen_ai.usage.cache_read.input_tokens': usage.cacheRead,
      'gen_ai.usage.cache_write.input_tokens': usage.cacheWrite,
      'gen_ai.usage.reasoning.output_tokens': usage.thinking,
      'server.address': 'p.test',
      'gateway.provider': 'mine',
      'gateway.adapted': ['top_k'],
      'gateway.cost_usd': { double: 5e-6 },
    })
  })

  test('the spans of a request that was never admitted are one', () => {
    const failure = { kind: 'invalid_key' } as const
    const spans = spansOf(
      { admission: undefined, outcome: undefined, failure },
      { http: { ...http, status: 401 }, billed: undefined },
    )
    expect(spans).toMatchObject([{ name: 'POST /v1/messages', error: 'authentication_error' }])
  })

  test('the spans of an exchange of a truncated stream have the error, and its time', () => {
    const failure = { kind: 'upstream_truncated', provider: 'p' } as const
    const outcome = { state: 'failed', delivered: deliveredOf(), failure, bug: undefined } as const
    const [, call] = spansOf({ outcome })
    expect(call).toMatchObject({
      error: 'api_error',
      events: [
        { name: 'gateway.first_content', at: 1_009 },
        { name: 'gen_ai.client.inference.exception', at: 1_040 },
      ],
    })
  })

  test('the spans of a request whose client disconnected have status 499', () => {
    const [request, call] = spansOf({
      outcome: { state: 'disconnected', delivered: deliveredOf() },
    })
    expect(request?.attributes['http.response.status_code']).toBe(499)
    expect(call?.error).toBe('client_disconnected')
  })

  test('the spans of an exchange of a question of the gateway’s own are named after its purpose', () => {
    const [request] = spansOf({ purpose: { name: 'safeguards', parentId: 'req_0' } })
    expect(request).toMatchObject({ name: 'safeguards', kind: 'internal' })
  })

  test('the spans of an exchange are bounded in number', () => {
    const attempt = { target: 'p/x', failed: 'api_error', startedAt: 1_000, ms: 1 }
    expect(spansOf({ attempts: Array.from({ length: 500 }, () => attempt) })).toHaveLength(52)
  })
})

describe('other conventions', () => {
  test('OpenInference has the same sums, with cached tokens in the prompt', () => {
    const [, call] = spansOf({}, {}, ['openinference'])
    expect(call?.attributes).toMatchObject({
      'openinference.span.kind': 'LLM',
      'llm.model_name': 'x',
      'llm.token_count.prompt': 15,
      'llm.token_count.completion': 5,
      'llm.token_count.total': 20,
      'llm.cost.total': { double: 5e-6 },
    })
    expect(call?.attributes['gen_ai.operation.name']).toBeUndefined()
  })

  test('Langfuse has counts of which none includes another', () => {
    const [, call] = spansOf({}, {}, ['langfuse'])
    expect(JSON.parse(call?.attributes['langfuse.observation.usage_details'] as string)).toEqual({
      input: 10,
      output: 5,
      cache_read_input_tokens: 3,
      cache_creation_input_tokens: 2,
    })
  })
})

test('OTLP has ids in hexadecimal, and 64-bit integers as strings', () => {
  const spans = spansOf({}).map((span) => ({
    ...span,
    attributes: { n: 7, f: 0.5, d: { double: 1 }, s: 'x', b: true, l: ['a'], none: undefined },
  }))
  const { resourceSpans } = toTraceRequest(spans.slice(0, 1), {
    attributes: { 'service.name': 'g' },
    version: '1',
  })
  expect(resourceSpans).toEqual([
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'g' } }] },
      scopeSpans: [
        {
          scope: { name: 'messages-gateway', version: '1' },
          spans: [
            {
              traceId: trace.traceId,
              spanId: trace.spanId,
              parentSpanId: undefined,
              name: 'POST /v1/messages',
              kind: 2,
              startTimeUnixNano: '1000000000',
              endTimeUnixNano: '1040000000',
              attributes: [
                { key: 'n', value: { intValue: '7' } },
                { key: 'f', value: { doubleValue: 0.5 } },
                { key: 'd', value: { doubleValue: 1 } },
                { key: 's', value: { stringValue: 'x' } },
                { key: 'b', value: { boolValue: true } },
                { key: 'l', value: { arrayValue: { values: [{ stringValue: 'a' }] } } },
              ],
              events: [],
              status: {},
            },
          ],
        },
      ],
    },
  ])
})
