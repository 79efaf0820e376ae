/** What is exported of requests: to an endpoint that the scripted network plays. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Harness } from '../../support/app.ts'
import { chatStream, createHarness, delta } from '../../support/app.ts'

const endpoint = 'http://otel.test'

const vars = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: 'k=secret' }

const usage = { prompt_tokens: 10, completion_tokens: 5 }
const whole = (): Response =>
  chatStream(delta({ content: 'hello' }, 'stop'), { choices: [], usage })

const json = {
  model: 'm',
  max_tokens: 9,
  stream: true,
  messages: [{ role: 'user', content: 'x' }],
}

/** A gateway whose upstream answers so, and whose exports are accepted. */
function createTraced(upstream: () => Response, more: object = vars): Promise<Harness> {
  return createHarness({
    vars: { ...more },
    upstream: ({ url }) => (url.startsWith(endpoint) ? Response.json({}) : upstream()),
  })
}

interface OtlpSpan {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  status: { code?: number; message?: string }
  attributes: { key: string; value: Record<string, unknown> }[]
}

/** The spans of each export. */
async function exportsOf({ settled, sent }: Harness): Promise<OtlpSpan[][]> {
  await settled()
  return sent
    .filter(({ url }) => url === `${endpoint}/v1/traces`)
    .map(
      ({ body }) =>
        (body as { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] }).resourceSpans[0]!
          .scopeSpans[0]!.spans,
    )
}

describe('a trace', () => {
  test('a trace is sent once, with the operator’s headers, and the answer names it', async () => {
    const gateway = await createTraced(whole)
    const response = await gateway.request('/v1/messages', { json })
    await response.text()
    const [spans, ...others] = await exportsOf(gateway)
    expect(others).toEqual([])
    expect(spans?.map(({ name }) => name)).toEqual([
      'POST /v1/messages',
      'chat m',
      'attempt chat/up',
    ])
    expect(response.headers.get('gateway-trace')).toBe(spans?.[0]?.traceId)
    expect(gateway.sent.at(-1)?.headers.get('k')).toBe('secret')
    expect(gateway.lines).toMatchObject([{ trace_id: spans?.[0]?.traceId }])
  })

  test('a trace continues the client’s, which is logged too', async () => {
    const gateway = await createTraced(whole)
    const [traceId, parentId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331']
    const headers = { traceparent: `00-${traceId}-${parentId}-01` }
    const response = await gateway.request('/v1/messages', { json, headers })
    await response.text()
    const [spans] = await exportsOf(gateway)
    expect(spans?.[0]).toMatchObject({ traceId, parentSpanId: parentId })
    expect(gateway.lines).toMatchObject([{ trace_id: traceId, parent_id: parentId }])
  })

  test('the trace of a truncated stream, a crash or a rejected key is sent once, with the error', async () => {
    const cut = await createTraced(
      () =>
        new Response(`data: ${JSON.stringify(delta({ content: 'twelve chars' }))}\n\n`, {
          headers: { 'content-type': 'text/event-stream' },
        }),
    )
    await (await cut.request('/v1/messages', { json })).text()
    const crash = await createTraced(() => {
      throw new RangeError('a bug')
    })
    await (await crash.request('/v1/messages', { json })).text()
    const refused = await createTraced(whole)
    await refused.request('/v1/messages', { json, key: 'sk-unknown' })
    const ends = await Promise.all([cut, crash].map(exportsOf))
    expect(ends.map((exported) => exported.map(([request]) => request?.status))).toEqual([
      [{ code: 2, message: 'api_error' }],
      [{ code: 2, message: expect.stringMatching(/_error$/) }],
    ])
    // Bindings are read, and so the endpoint is known, before the key is.
    expect((await exportsOf(refused)).map((spans) => spans.length)).toEqual([1])
  })

  test('a trace of a client that disconnected is sent once', async () => {
    const { readable, writable } = new IdentityTransformStream()
    const writer = writable.getWriter()
    const type = { 'content-type': 'text/event-stream' }
    const gateway = await createTraced(() => new Response(readable, { headers: type }))
    const controller = new AbortController()
    const asked = gateway.request('/v1/messages', { json, signal: controller.signal })
    const event = `data: ${JSON.stringify(delta({ content: '12345678' }))}\n\n`
    const written = writer.write(new TextEncoder().encode(event))
    const reader = (await asked).body?.getReader()
    await Promise.all([written, reader?.read()])
    controller.abort()
    const exported = await exportsOf(gateway)
    expect(exported.map(([request]) => request?.status.message)).toEqual(['client_disconnected'])
  })

  test('a trace that is not sampled is sent only if the request failed', async () => {
    const rare = { ...vars, OTEL_TRACES_SAMPLER_ARG: '0' }
    const good = await createTraced(whole, rare)
    await (await good.request('/v1/messages', { json })).text()
    const bad = await createTraced(() => new Response('no', { status: 500 }), rare)
    await (await bad.request('/v1/messages', { json })).text()
    expect([(await exportsOf(good)).length, (await exportsOf(bad)).length]).toEqual([0, 1])
  })

  test('a trace that an endpoint refuses is a line of the log, and nothing to the client', async () => {
    const gateway = await createHarness({
      vars,
      upstream: ({ url }) =>
        url.startsWith(endpoint) ? new Response('no', { status: 400 }) : whole(),
    })
    const response = await gateway.request('/v1/messages', { json })
    expect(response.status).toBe(200)
    await response.text()
    await gateway.settled()
    expect(gateway.lines).toMatchObject([
      { status: 200 },
      { level: 'warn', trace_not_sent: 'status 400' },
    ])
  })

  test('a trace is neither made nor named without an endpoint', async () => {
    const gateway = await createTraced(whole, {})
    const response = await gateway.request('/v1/messages', { json })
    await response.text()
    expect(await exportsOf(gateway)).toEqual([])
    expect(response.headers.get('gateway-trace')).toBeNull()
    expect(Object.keys(JSON.parse(JSON.stringify(gateway.lines[0])))).not.toContain('trace_id')
  })
})

test('a client’s trace is passed on to an upstream of Anthropic’s protocol, and to no other', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const headers = { traceparent, tracestate: 'vendor=1' }
  const gateway = await createTraced(whole, {})
  await (await gateway.request('/v1/messages', { json, headers })).text()
  await gateway.request('/v1/messages', { json: { ...json, model: 'claude-x' }, headers })
  await gateway.settled()
  const forwarded = gateway.sent.map(({ url, headers: all }) => [
    new URL(url).hostname,
    all.get('traceparent'),
    all.get('tracestate'),
  ])
  expect(forwarded).toContainEqual(['chat.test', null, null])
  expect(forwarded).toContainEqual(['claude.test', traceparent, 'vendor=1'])
})

test('nothing of a prompt, an answer or a credential is in any byte that is exported', async () => {
  const text = fc.string({ minLength: 16, maxLength: 60, unit: 'grapheme' })
  await fc.assert(
    fc.asyncProperty(text, text, text, text, async (prompt, system, stop, answer) => {
      const gateway = await createTraced(
        () => chatStream(delta({ content: answer }, 'stop'), { choices: [], usage }),
        { ...vars, TELEMETRY_SEMCONV: 'both,langfuse' },
      )
      const body = {
        ...json,
        system,
        stop_sequences: [stop],
        metadata: { user_id: 'someone' },
        messages: [{ role: 'user', content: prompt }],
        tools: [{ name: 'tool_x', description: prompt, input_schema: { type: 'object' } }],
      }
      await (await gateway.request('/v1/messages', { json: body })).text()
      await gateway.settled()
      const exported = gateway.sent
        .filter(({ url }) => url.startsWith(endpoint))
        .map(({ body: sent }) => JSON.stringify(sent))
        .join('\n')
      expect(exported).not.toBe('')
      for (const secret of [prompt, system, stop, answer, 'sk-chat-secret']) {
        for (const piece of piecesOf(secret)) {
          expect(exported.includes(piece)).toBe(false)
        }
      }
    }),
    { numRuns: 40 },
  )
})

/** All pieces of 12 characters, as JSON has them. */
function piecesOf(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1)
  const pieces: string[] = []
  for (let at = 0; at + 12 <= escaped.length; at += 1) {
    pieces.push(escaped.slice(at, at + 12))
  }
  return pieces
}
