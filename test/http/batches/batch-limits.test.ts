/** Limits of keys and providers for batches. */
import { env, runDurableObjectAlarm } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import { echo, gateway, item, items, runAll, tamper } from './run-batches.ts'

describe('the limits of a batch', () => {
  test('limits on a key’s batches hold per day and in flight', async () => {
    const harness = await gateway({
      record: { limits: { batch: { in_flight: 3, items_per_day: 5 } } },
    })
    const { sdk } = harness
    const { id } = await sdk.messages.batches.create({ requests: items(3) })
    await expect(sdk.messages.batches.create({ requests: items(1) })).rejects.toThrow(
      /429.*3 batch requests in flight/,
    )
    await runAll(harness, id)
    await runDurableObjectAlarm(env.BATCH.getByName(id))
    await expect(sdk.messages.batches.create({ requests: items(3) })).rejects.toThrow(
      /429.*5 batch requests a day/,
    )
    await sdk.messages.batches.create({ requests: items(2) })
  })

  test('a batch counts in no rate limit, and is rejected if a budget cannot pay for it', async () => {
    const limits = { rpm: 1, budgets: [{ usd: 0.000_12, period: 'day' }] }
    const harness = await gateway({ record: { limits } })
    const large = item('large', { messages: [{ role: 'user', content: 'x'.repeat(2000) }] })
    await expect(harness.sdk.messages.batches.create({ requests: [large] })).rejects.toThrow(
      /429.*billing_error.*budget/,
    )
    const { id } = await harness.sdk.messages.batches.create({ requests: items(3) })
    await runAll(harness, id)
    // Each costs $0.00006: two of three are paid for, and the third waits for the next day.
    const { request_counts: counts } = await harness.sdk.messages.batches.retrieve(id)
    expect(counts.succeeded).toBeGreaterThanOrEqual(2)
    const fourth = await harness.request('/v1/messages', { json: item('x').params })
    expect(await fourth.text()).toContain('budget')
  })

  test('a batch pauses a provider that answers 429 until it allows requests again', async () => {
    let asked = 0
    const harness = await gateway({
      upstream: (request) => {
        asked += 1
        const headers = { 'retry-after': '300' }
        return asked > 4 && asked <= 10
          ? Response.json({ error: { message: 'slow down' } }, { status: 429, headers })
          : echo(request)
      },
    })
    const { id } = await harness.sdk.messages.batches.create({ requests: items(40) })
    await harness.runSlice(id, 0)
    const paused = asked
    // Four run at once: no other item began after the first refusals.
    expect(paused).toBeLessThanOrEqual(8)
    await harness.runSlice(id, 0)
    expect(asked).toBe(paused)
    const [{ until }] = (await tamper(id, 'SELECT until FROM slices')) as [{ until: number }]
    expect(until).toBeGreaterThan(Date.now() + 200_000)
    asked = 11
    await tamper(id, `UPDATE slices SET until = 0`)
    await tamper(id, `DELETE FROM pauses`)
    await runAll(await gateway({ owner: harness.owner }), id)
    expect(await harness.sdk.messages.batches.retrieve(id)).toMatchObject({
      request_counts: { succeeded: 40 },
    })
  })
})
