/** Message batches while R2, the queue or the key that pays for them fails. */
import { env, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import type { StoredHarness } from '../../support/stored.ts'
import { createStored, storage } from '../../support/stored.ts'

const catalog = {
  version: 1,
  providers: {
    up: {
      dialect: 'openai-chat',
      base_url: 'http://up.test/v1',
      secret: null,
      stream_plain: false,
    },
  },
  models: [{ id: 'm', targets: [{ provider: 'up', model: 'up' }] }],
}

const answer = (): Response =>
  Response.json({ choices: [{ message: { content: 'ok' }, finish_reason: 'stop' }] })

/** R2 whose writes are done by `put`. */
function bucket(put: (write: () => Promise<unknown>) => Promise<unknown>): object {
  const { STORE } = storage
  return {
    put: (...parameters: Parameters<R2Bucket['put']>) => put(() => STORE.put(...parameters)),
    get: (name: string) => STORE.get(name),
    delete: (names: string[]) => STORE.delete(names),
    list: (options: R2ListOptions) => STORE.list(options),
    createMultipartUpload: () => Promise.reject(new Error('not in this test')),
  }
}

const request = (index: number) => ({
  custom_id: `c${index}`,
  params: { model: 'm', max_tokens: 9, messages: [{ role: 'user' as const, content: 'x' }] },
})

async function create({ sdk }: StoredHarness, count: number): Promise<string> {
  const requests = Array.from({ length: count }, (_, index) => request(index))
  return (await sdk.messages.batches.create({ requests })).id
}

async function idsOf({ sdk }: StoredHarness, id: string): Promise<string[]> {
  const ids: string[] = []
  for await (const line of await sdk.messages.batches.results(id)) {
    ids.push(line.custom_id)
  }
  return ids
}

const everyId = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `c${index}`).toSorted()

function rows(id: string, statement: string): Promise<Record<string, SqlStorageValue>[]> {
  return runInDurableObject(env.BATCH.getByName(id), (_, { storage: { sql } }) =>
    sql.exec(statement).toArray(),
  )
}

describe('a batch while R2 fails', () => {
  test('a batch is written again where a write to R2 fails, and has every result once', async () => {
    let writes = 0
    const STORE = bucket((write) => {
      writes += 1
      return writes % 3 === 0 ? write() : Promise.reject(new Error('R2 is down'))
    })
    const harness = await createStored({ catalog, upstream: answer, vars: { STORE } })
    const id = await create(harness, 20)
    await harness.runSlice(id, 0)
    expect((await idsOf(harness, id)).toSorted()).toEqual(everyId(20))
  })

  test('a batch is not created where its requests cannot be written to R2', async () => {
    const STORE = bucket(() => Promise.reject(new Error('R2 is down')))
    const harness = await createStored({ catalog, vars: { STORE } })
    await expect(create(harness, 1)).rejects.toThrow(/500/)
    expect((await harness.sdk.messages.batches.list()).data).toEqual([])
  })

  test('the next run of a batch runs again what R2 could not record', async () => {
    let isDown = false
    let asked = 0
    const STORE = bucket((write) => (isDown ? Promise.reject(new Error('R2 is down')) : write()))
    const upstream = (): Response => {
      asked += 1
      return answer()
    }
    const harness = await createStored({ catalog, upstream, vars: { STORE } })
    const id = await create(harness, 64)
    isDown = true
    await expect(harness.runSlice(id, 0)).rejects.toThrow('R2 is down')
    // It stops, instead of paying for results that it cannot keep.
    expect(asked).toBeLessThan(40)
    isDown = false
    await rows(id, 'UPDATE slices SET until = 0')
    await harness.runSlice(id, 0)
    expect((await idsOf(harness, id)).toSorted()).toEqual(everyId(64))
  }, 30_000)

  test('a batch has every result once where R2 is slow', async () => {
    const STORE = bucket(async (write) => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return write()
    })
    const harness = await createStored({ catalog, upstream: answer, vars: { STORE } })
    const id = await create(harness, 100)
    await Promise.all([harness.runSlice(id, 0), harness.runSlice(id, 1), harness.runSlice(id, 0)])
    expect((await idsOf(harness, id)).toSorted()).toEqual(everyId(100))
  })
})

describe('a batch while the queue fails', () => {
  test('slices of a batch are sent again if the queue loses their message', async () => {
    const harness = await createStored({ catalog, upstream: answer })
    const id = await create(harness, 3)
    expect(await rows(id, 'SELECT state FROM slices')).toEqual([{ state: 'queued' }])
    await rows(id, 'UPDATE slices SET until = 1')
    await runDurableObjectAlarm(env.BATCH.getByName(id))
    const [slice] = await rows(id, 'SELECT state, until FROM slices')
    expect(slice?.['state']).toBe('queued')
    expect(slice?.['until']).toBeGreaterThan(Date.now())
  })

  test('messages that the queue repeats, or for a deleted batch, are ignored', async () => {
    let asked = 0
    const upstream = (): Response => {
      asked += 1
      return answer()
    }
    const harness = await createStored({ catalog, upstream })
    const id = await create(harness, 3)
    for (let delivery = 0; delivery < 3; delivery++) {
      await harness.runSlice(id, 0)
    }
    expect(asked).toBe(3)
    await harness.sdk.messages.batches.delete(id)
    await harness.runSlice(id, 0)
    expect(asked).toBe(3)
  })

  test('at most 16 slices of a batch wait or run at once', async () => {
    const harness = await createStored({ catalog, upstream: answer })
    const id = await create(harness, 64 * 20)
    const waiting = `SELECT count(*) AS count FROM slices WHERE state = 'queued'`
    expect(await rows(id, waiting)).toEqual([{ count: 16 }])
    await harness.runSlice(id, 0)
    expect(await rows(id, waiting)).toEqual([{ count: 16 }])
  })
})

describe('a batch while its key', () => {
  /** KV with one more record of the key, as commands write it. */
  function keysWith(
    harness: StoredHarness,
    status: string,
    expires_at: string | null,
  ): KVNamespace {
    const record = {
      id: harness.owner,
      name: 'test',
      created_at: '2026-01-01T00:00:00Z',
      expires_at,
      status,
      models: ['*'],
      scopes: [],
      limits: {},
      metadata: {},
    }
    const entries: Record<string, unknown> = {
      [`id:${harness.owner}`]: { hashes: ['h'], last_four: 'abcd' },
      'key:h': record,
    }
    const { KEYS } = harness.env
    return Object.assign(Object.create(KEYS) as KVNamespace, {
      get: async (name: string) =>
        Object.hasOwn(entries, name) ? JSON.stringify(entries[name]) : KEYS.get(name),
    })
  }

  test.each([
    ['has been revoked, is canceled', 'revoked', null, { canceled: 2 }],
    ['is disabled, waits', 'disabled', null, { processing: 2 }],
    ['has expired, goes on', 'active', '2026-02-01T00:00:00Z', { succeeded: 2 }],
  ])('a batch whose key %s', async (_what, status, expiresAt, counts) => {
    const harness = await createStored({ catalog, upstream: answer })
    const id = await create(harness, 2)
    Object.assign(harness.env, { KEYS: keysWith(harness, status, expiresAt) })
    await harness.runSlice(id, 0)
    const state = await env.BATCH.getByName(id).state()
    expect(state?.counts).toMatchObject(counts)
  })
})
