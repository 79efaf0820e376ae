/** The Message Batches API, judged by the official SDK, from the creation of a batch to its deletion. */
import { env, runDurableObjectAlarm } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import { createHarness } from '../../support/app.ts'
import { storage } from '../../support/stored.ts'
import { echo, gateway, item, items, resultsOf, runAll, setFact, tamper } from './run-batches.ts'

describe('a batch', () => {
  test('a batch is created, runs, and has a result for each request', async () => {
    const harness = await gateway()
    const { sdk, owner } = harness
    const made = await sdk.messages.batches.create({ requests: items(3) })
    expect(made).toEqual({
      id: expect.stringMatching(/^msgbatch_/),
      type: 'message_batch',
      processing_status: 'in_progress',
      request_counts: { processing: 3, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
      created_at: expect.any(String),
      expires_at: new Date(Date.parse(made.created_at) + 86_400_000).toISOString(),
      ended_at: null,
      archived_at: null,
      cancel_initiated_at: null,
      results_url: null,
    })
    await runAll(harness, made.id)
    const ended = await sdk.messages.batches.retrieve(made.id)
    expect(ended).toMatchObject({
      processing_status: 'ended',
      request_counts: { processing: 0, succeeded: 3 },
      results_url: `http://gateway.test/v1/messages/batches/${made.id}/results`,
    })
    const results = await resultsOf(harness, made.id)
    expect(Object.keys(results).toSorted()).toEqual(['c0', 'c1', 'c2'])
    expect(results['c1']).toMatchObject({
      type: 'succeeded',
      message: { type: 'message', model: 'm', content: [{ type: 'text', text: 'c1' }] },
    })
    const spent = await env.LEDGER.getByName(owner).usage({ from: 0, to: 1e9, hoursPerRow: 24 })
    expect(spent).toMatchObject([{ model: 'm', requests: 3, input: 30, output: 15 }])
  })

  test('a batch has an error for each request that cannot succeed', async () => {
    const harness = await gateway({
      upstream: async (request) =>
        (await request.clone().text()).includes('refuse')
          ? Response.json({ error: { message: 'no such thing' } }, { status: 400 })
          : echo(request),
    })
    const requests = [
      item('good'),
      item('refuse'),
      item('unknown', { model: 'nobody' }),
      item('streamed', { stream: true }),
      item('warm', { max_tokens: 0 }),
      item('invalid', { messages: 'x' }),
    ]
    const { id } = await harness.sdk.messages.batches.create({ requests })
    await runAll(harness, id)
    const results = await resultsOf(harness, id)
    expect(results['good']).toMatchObject({ type: 'succeeded' })
    const errors = Object.entries(results).flatMap(([name, result]) =>
      result.type === 'errored' ? [[name, result.error.error.type]] : [],
    )
    expect(Object.fromEntries(errors)).toEqual({
      refuse: 'invalid_request_error',
      unknown: 'not_found_error',
      streamed: 'invalid_request_error',
      warm: 'invalid_request_error',
      invalid: 'invalid_request_error',
    })
    const { request_counts: counts } = await harness.sdk.messages.batches.retrieve(id)
    expect(counts).toMatchObject({ succeeded: 1, errored: 5 })
  })

  test.each([
    ['no requests', { requests: [] }, 'at least 1 item'],
    [
      'a custom_id with spaces',
      { requests: [item('a b')] },
      'requests.0.custom_id: String should match',
    ],
    [
      'a custom_id that is there twice',
      { requests: [item('a'), item('a')] },
      'requests.1.custom_id',
    ],
    ['no params', { requests: [{ custom_id: 'a' }] }, 'requests.0.params: Field required'],
    ['another field', { requests: items(1), model: 'm' }, 'model: Extra inputs'],
  ])('a batch with %s is rejected, and leaves nothing behind', async (_what, json, message) => {
    const { request, sdk } = await gateway()
    // Batches of other tests may still be there.
    const before = new Set(
      (await storage.STORE.list({ prefix: 'in/' })).objects.map(({ key }) => key),
    )
    const response = await request('/v1/messages/batches', { json })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(message)
    expect((await sdk.messages.batches.list()).data).toEqual([])
    const { objects } = await storage.STORE.list({ prefix: 'in/' })
    expect(objects.map(({ key }) => key).filter((key) => !before.has(key))).toEqual([])
  })

  test('a batch runs each item once over runs that are lost, repeated or overtaken', async () => {
    let asked = 0
    const harness = await gateway({
      upstream: (request) => {
        asked += 1
        return echo(request)
      },
    })
    const { id } = await harness.sdk.messages.batches.create({ requests: items(70) })
    const batch = env.BATCH.getByName(id)
    // A run that claimed and died: its lease is over.
    const lost = await batch.claim(0)
    expect(await batch.claim(0)).toBeUndefined()
    await tamper(id, 'UPDATE slices SET until = 1 WHERE n = 0')
    // The queue delivers a message twice, at once.
    await Promise.all([harness.runSlice(id, 0), harness.runSlice(id, 0)])
    expect(asked).toBe(64)
    const late = { slice: 0, token: lost?.token ?? 0, output: 1, settled: [[0, 'e']], pauses: {} }
    expect(await batch.commit(late as Parameters<typeof batch.commit>[0])).toBe('stale')
    await runAll(harness, id, 2)
    expect(asked).toBe(70)
    const results = await resultsOf(harness, id)
    expect(Object.keys(results)).toHaveLength(70)
    expect(Object.values(results).every(({ type }) => type === 'succeeded')).toBe(true)
  })

  test('a batch continues after a crash with what was not committed', async () => {
    const prompts: string[] = []
    let isDead = false
    const harness = await gateway({
      upstream: async (request) => {
        const text = await request.clone().text()
        prompts.push(text)
        return isDead ? new Promise<Response>(() => {}) : echo(request)
      },
    })
    const { id } = await harness.sdk.messages.batches.create({ requests: items(20) })
    const batch = env.BATCH.getByName(id)
    const before = await batch.claim(0)
    await storage.STORE.put(
      `out/${id}/0.1.1`,
      '{"custom_id":"c0","result":{"type":"succeeded","message":{}}}\n',
    )
    await batch.commit({
      slice: 0,
      token: before?.token ?? 0,
      output: 1,
      settled: [[0, 's']],
      pauses: {},
    })
    await tamper(id, 'UPDATE slices SET until = 1')
    isDead = false
    await runAll(harness, id)
    expect(prompts).toHaveLength(19)
    expect(Object.keys(await resultsOf(harness, id))).toHaveLength(20)
  })

  test('a batch is canceled in the middle: what runs ends, the rest is canceled', async () => {
    const first = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const harness = await gateway({
      upstream: async (request) => {
        first.resolve()
        await go.promise
        return echo(request)
      },
    })
    const { sdk } = harness
    const { id } = await sdk.messages.batches.create({ requests: items(30) })
    const run = harness.runSlice(id, 0)
    await first.promise
    expect(await sdk.messages.batches.cancel(id)).toMatchObject({
      processing_status: 'canceling',
      cancel_initiated_at: expect.any(String),
    })
    go.resolve()
    await run
    const ended = await sdk.messages.batches.retrieve(id)
    expect(ended.processing_status).toBe('ended')
    const { succeeded, canceled } = ended.request_counts
    expect(succeeded + canceled).toBe(30)
    expect(succeeded).toBeLessThan(30)
    const results = await resultsOf(harness, id)
    expect(Object.keys(results)).toHaveLength(30)
    expect(results['c29']).toEqual({ type: 'canceled' })
    // Canceling again changes nothing.
    expect(await sdk.messages.batches.cancel(id)).toEqual(ended)
  })

  test('a batch that waits is canceled at once', async () => {
    const { sdk } = await gateway()
    const { id } = await sdk.messages.batches.create({ requests: items(2) })
    const canceled = await sdk.messages.batches.cancel(id)
    expect(canceled).toMatchObject({ processing_status: 'ended', request_counts: { canceled: 2 } })
  })

  test('a batch expires after a day, and requests that have not run have the result expired', async () => {
    const harness = await gateway()
    const { id } = await harness.sdk.messages.batches.create({ requests: items(2) })
    await tamper(id, setFact('expiresAt', 1))
    await runDurableObjectAlarm(env.BATCH.getByName(id))
    await runAll(harness, id)
    const ended = await harness.sdk.messages.batches.retrieve(id)
    expect(ended).toMatchObject({ processing_status: 'ended', request_counts: { expired: 2 } })
    expect(await resultsOf(harness, id)).toEqual({
      c0: { type: 'expired' },
      c1: { type: 'expired' },
    })
  })

  test('a batch is deleted only when it has ended, with all its objects', async () => {
    const harness = await gateway()
    const { sdk } = harness
    const { id } = await sdk.messages.batches.create({ requests: items(2) })
    await expect(sdk.messages.batches.results(id)).rejects.toThrow(/no batch `results_url`/i)
    expect((await harness.request(`/v1/messages/batches/${id}/results`)).status).toBe(400)
    await expect(sdk.messages.batches.delete(id)).rejects.toThrow(/400.*in_progress/)
    await runAll(harness, id)
    expect(await sdk.messages.batches.delete(id)).toEqual({ id, type: 'message_batch_deleted' })
    await expect(sdk.messages.batches.retrieve(id)).rejects.toThrow(/404/)
    expect((await sdk.messages.batches.list()).data).toEqual([])
    for (const prefix of [`in/${id}/`, `out/${id}/`]) {
      expect((await storage.STORE.list({ prefix })).objects).toEqual([])
    }
  })

  test('a batch loses its requests when it has ended, and its results after the time that they are kept', async () => {
    const harness = await gateway()
    const { id } = await harness.sdk.messages.batches.create({ requests: items(2) })
    await runAll(harness, id)
    const batch = env.BATCH.getByName(id)
    await runDurableObjectAlarm(batch)
    expect((await storage.STORE.list({ prefix: `in/${id}/` })).objects).toEqual([])
    expect((await storage.STORE.list({ prefix: `out/${id}/` })).objects).toHaveLength(1)
    await tamper(id, setFact('archivedAt', 1))
    await runDurableObjectAlarm(batch)
    expect((await storage.STORE.list({ prefix: `out/${id}/` })).objects).toEqual([])
    const { archived_at, results_url } = await harness.sdk.messages.batches.retrieve(id)
    expect({ archived_at, results_url }).toEqual({
      archived_at: expect.any(String),
      results_url: null,
    })
    expect((await harness.request(`/v1/messages/batches/${id}/results`)).status).toBe(404)
  })

  test('a batch is listed, the newest first, in pages of both directions', async () => {
    const harness = await gateway()
    const { sdk } = harness
    const ids: string[] = []
    for (let index = 0; index < 5; index++) {
      ids.unshift((await sdk.messages.batches.create({ requests: items(1) })).id)
    }
    await runAll(harness, ids[2] ?? '')
    await runDurableObjectAlarm(env.BATCH.getByName(ids[2] ?? ''))
    const all: string[] = []
    for await (const { id } of sdk.messages.batches.list({ limit: 2 })) {
      all.push(id)
    }
    expect(all).toEqual(ids)
    const page = await sdk.messages.batches.list({ limit: 2, before_id: ids[4] ?? '' })
    expect(page).toMatchObject({ has_more: true, first_id: ids[2], last_id: ids[3] })
    expect(page.data[0]?.processing_status).toBe('ended')
  })

  test('the batch of another key is 404 in all six calls, and an admin key may name the owner', async () => {
    const mine = await gateway()
    const { id } = await mine.sdk.messages.batches.create({ requests: items(1) })
    const other = await gateway()
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/cancel'],
      ['GET', '/results'],
      ['DELETE', ''],
    ] as const) {
      const response = await other.request(`/v1/messages/batches/${id}${path}`, { method })
      expect(response.status).toBe(404)
    }
    expect((await other.sdk.messages.batches.list()).data).toEqual([])
    const admin = await gateway({ record: { scopes: ['admin'] } })
    const query = `?api_key_id=${mine.owner}`
    expect((await admin.request(`/v1/messages/batches/${id}${query}`)).status).toBe(200)
    const listed = await (await admin.request(`/v1/messages/batches${query}`)).json()
    expect(listed).toMatchObject({ data: [{ id }] })
    expect((await admin.request('/v1/messages/batches', { json: { requests: [] } })).status).toBe(
      403,
    )
  })

  test('a batch is the same one for a request that is repeated with its idempotency key', async () => {
    const { request } = await gateway()
    const create = async (): Promise<unknown> => {
      const headers = { 'idempotency-key': 'k1' }
      const response = await request('/v1/messages/batches', {
        json: { requests: items(1) },
        headers,
      })
      return (await response.json<{ id: string }>()).id
    }
    expect(await create()).toBe(await create())
  })

  test('the Message Batches API is 404 with the name of a missing binding', async () => {
    const { request } = await createHarness()
    const response = await request('/v1/messages/batches', { json: { requests: items(1) } })
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('the R2 binding STORE is missing')
  })
})
