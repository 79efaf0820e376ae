/** Batches that are sent as jobs of providers' own batch APIs, with scripted ones of each kind. */
import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import type { StoredHarness } from '../../support/stored.ts'
import { createStored } from '../../support/stored.ts'

const price = { input: 1, output: 10 }
const provider = (dialect: string): object => ({
  dialect,
  base_url: 'http://up.test/v1',
  secret: null,
  batch: 'native',
})
const catalog = {
  version: 1,
  providers: {
    chat: provider('openai-chat'),
    responses: provider('openai-responses'),
    gemini: provider('gemini'),
    claude: { preset: 'anthropic', base_url: 'http://up.test', secret: null, batch: 'native' },
  },
  models: ['chat', 'responses', 'gemini', 'claude'].map((id) => ({
    id,
    targets: [{ provider: id, model: id }],
    price,
  })),
}

interface OperationRequest {
  input_config: { requests: { requests: { request: object; metadata: { key: string } }[] } }
}

/** A provider with a batch API: it has a file, a job, and the results of all but the last request. */
class Upstream {
  readonly urls: string[] = []
  state: 'running' | 'ended' | 'failed' = 'running'
  /** The bodies of the job's requests, by their ids. */
  requests: [id: string, body: { model?: string }][] = []

  readonly answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    this.urls.push(`${request.method} ${pathname}`)
    switch (`${request.method} ${pathname}`) {
      case 'POST /v1/files': {
        const file = (await request.formData()).get('file') as unknown as File
        const uploaded = (await file.text()).trim().split('\n')
        this.requests = uploaded.map((line) => {
          const { custom_id, body } = JSON.parse(line) as { custom_id: string; body: object }
          return [custom_id, body]
        })
        return Response.json({ id: 'file-in' })
      }
      case 'POST /v1/batches':
        return Response.json({ id: 'job' })
      case 'GET /v1/batches/job':
        return Response.json({
          status: { running: 'in_progress', ended: 'completed', failed: 'failed' }[this.state],
          output_file_id: 'file-out',
        })
      case 'GET /v1/files/file-out/content':
        return lines(
          this.results().map(([custom_id, { model }]) => ({
            custom_id,
            response: { status_code: 200, body: model === 'chat' ? chat : response },
          })),
        )
      case 'POST /v1/models/gemini:batchGenerateContent': {
        const { batch } = await request.json<{ batch: OperationRequest }>()
        const { requests } = batch.input_config.requests
        this.requests = requests.map((each) => [each.metadata.key, each.request])
        return Response.json({ name: 'operations/job' })
      }
      case 'GET /v1/operations/job': {
        const inlinedResponses = this.results().map(([key]) => ({
          metadata: { key },
          response: content,
        }))
        return Response.json(
          this.state === 'ended'
            ? { done: true, response: { inlinedResponses: { inlinedResponses } } }
            : { done: false },
        )
      }
      case 'POST /v1/messages/batches': {
        const { requests } = await request.json<{
          requests: { custom_id: string; params: object }[]
        }>()
        this.requests = requests.map(({ custom_id, params }) => [custom_id, params])
        return Response.json({ id: 'msgbatch_theirs' })
      }
      case 'GET /v1/messages/batches/msgbatch_theirs':
        return Response.json({
          processing_status: this.state === 'ended' ? 'ended' : 'in_progress',
        })
      case 'GET /v1/messages/batches/msgbatch_theirs/results':
        return lines(
          this.results().map(([custom_id]) => ({
            custom_id,
            result: { type: 'succeeded', message },
          })),
        )
      default:
        return this.single(pathname)
    }
  }

  results(): [string, { model?: string }][] {
    return this.requests.slice(0, -1)
  }

  single(pathname: string): Response {
    const bodies: Record<string, object> = {
      '/v1/chat/completions': chat,
      '/v1/responses': response,
      '/v1/models/gemini:generateContent': content,
      '/v1/messages': { ...message, usage: { ...message.usage, service_tier: 'standard' } },
    }
    return bodies[pathname] === undefined
      ? new Response('{}', { status: pathname.includes('cancel') ? 200 : 404 })
      : Response.json(bodies[pathname])
  }
}

const chat = {
  choices: [{ message: { content: 'ok' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1000, completion_tokens: 100 },
}
const response = {
  status: 'completed',
  output: [{ type: 'message', content: [{ type: 'output_text', text: 'ok' }] }],
  usage: { input_tokens: 1000, output_tokens: 100 },
}
const content = {
  candidates: [{ content: { parts: [{ text: 'ok' }] }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 100 },
}
const message = {
  id: 'msg_theirs',
  type: 'message',
  role: 'assistant',
  model: 'claude',
  content: [{ type: 'text', text: 'ok' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1000, output_tokens: 100, service_tier: 'batch' },
}

function lines(values: object[]): Response {
  return new Response(values.map((value) => `${JSON.stringify(value)}\n`).join(''))
}

async function create(
  model: string,
  upstream: Upstream,
): Promise<StoredHarness & { id: string; mode: string | null }> {
  const harness = await createStored({ catalog, upstream: upstream.answer })
  const requests = ['a', 'b', 'c'].map((custom_id) => ({
    custom_id,
    params: { model, max_tokens: 9, messages: [{ role: 'user', content: custom_id }] },
  }))
  const made = await harness.request('/v1/messages/batches', { json: { requests } })
  const { id } = await made.json<{ id: string }>()
  return { ...harness, id, mode: made.headers.get('gateway-batch') }
}

/** Lets the time pass after which a slice is run again. */
function due(id: string): Promise<unknown> {
  return runInDurableObject(env.BATCH.getByName(id), (_, { storage: { sql } }) =>
    sql.exec('UPDATE slices SET until = 0').toArray(),
  )
}

const singles = (urls: readonly string[]): string[] =>
  urls.filter((url) => /POST .*(completions|responses|:generateContent|\/v1\/messages)$/.test(url))

describe.each(['chat', 'responses', 'gemini', 'claude'])('a batch as a job of %s', (model) => {
  test('a batch as a job of a provider has results at half price, and single requests for what the job left', async () => {
    const upstream = new Upstream()
    const { id, mode, sdk, owner, runSlice, settled } = await create(model, upstream)
    expect(mode).toBe('native')
    await runSlice(id, 0)
    expect(upstream.requests).toHaveLength(3)
    await due(id)
    await runSlice(id, 0)
    expect(await sdk.messages.batches.retrieve(id)).toMatchObject({
      request_counts: { processing: 3 },
    })
    upstream.state = 'ended'
    await due(id)
    await runSlice(id, 0)
    await settled()
    const tiers: Record<string, unknown> = {}
    for await (const { custom_id, result } of await sdk.messages.batches.results(id)) {
      expect(result).toMatchObject({
        type: 'succeeded',
        message: { model, content: [{ type: 'text', text: 'ok' }] },
      })
      tiers[custom_id] = result.type === 'succeeded' && result.message.usage.service_tier
    }
    expect(tiers).toMatchObject({ a: 'batch', b: 'batch' })
    expect(tiers['c']).not.toBe('batch')
    expect(singles(upstream.urls)).toHaveLength(1)
    // A whole price is $0.002.
    const [row] = await env.LEDGER.getByName(owner).usage({ from: 0, to: 1e9, hoursPerRow: 24 })
    expect(row).toMatchObject({ requests: 3, input: 3000, cost: 4_000_000 })
  })
})

describe('a batch as a job', () => {
  test('a batch as a job that fails is sent as single requests', async () => {
    const upstream = new Upstream()
    const { id, sdk, runSlice } = await create('chat', upstream)
    await runSlice(id, 0)
    upstream.state = 'failed'
    await due(id)
    await runSlice(id, 0)
    expect(singles(upstream.urls)).toHaveLength(3)
    expect(await sdk.messages.batches.retrieve(id)).toMatchObject({
      processing_status: 'ended',
      request_counts: { succeeded: 3 },
    })
  })

  test('a batch as a job that is refused is sent as single requests at once', async () => {
    const upstream = new Upstream()
    const refusing = (request: Request): Promise<Response> =>
      request.url.endsWith('/batches')
        ? Promise.resolve(new Response('{}', { status: 429 }))
        : upstream.answer(request)
    const harness = await createStored({ catalog, upstream: refusing })
    const params = {
      model: 'chat',
      max_tokens: 9,
      messages: [{ role: 'user' as const, content: 'x' }],
    }
    const { id } = await harness.sdk.messages.batches.create({
      requests: [{ custom_id: 'a', params }],
    })
    await harness.runSlice(id, 0)
    expect(singles(upstream.urls)).toHaveLength(1)
  })

  test('a batch as a job is canceled at its provider too', async () => {
    const upstream = new Upstream()
    const { id, sdk, runSlice, settled } = await create('chat', upstream)
    await runSlice(id, 0)
    const canceled = await sdk.messages.batches.cancel(id)
    await settled()
    expect(canceled).toMatchObject({ processing_status: 'ended', request_counts: { canceled: 3 } })
    expect(upstream.urls).toContain('POST /v1/batches/job/cancel')
  })
})
