import { env } from 'cloudflare:test'
import { expect, test } from 'vitest'

import { toNewFields } from '../../../src/keys/fields.ts'
import { createKey, showKey } from '../../../src/keys/store.ts'
import { createHarness } from '../../support/app.ts'

interface Line {
  type: string
  id?: string
  ledger?: string
  secrets?: { record: { version?: number } }[]
}

interface Page {
  head: object
  lines: Line[]
  next: string | null
}

async function open() {
  const harness = await createHarness({ vars: { LEDGER: env.LEDGER, KEYS: env.KEYS } })
  const now = new Date()
  const root = await createKey(env.KEYS, toNewFields('root', { scopes: ['admin'] }), { now })
  const call = (path: string, json?: object) =>
    harness.request(`/v1/organizations${path}`, {
      key: root.key,
      ...(json === undefined ? {} : { json }),
    })
  return { ...harness, call }
}

type Call = Awaited<ReturnType<typeof open>>['call']

/** The pages of an export. Its lines include the keys of other tests, which share the store. */
async function* pages(call: Call): AsyncGenerator<Page> {
  for (let page: string | null = '0'; page !== null;) {
    const body: Page = await (await call(`/export?page=${page}`)).json()
    yield body
    page = body.next
  }
}

async function find(call: Call, id: string): Promise<{ head: object; line: Line }> {
  for await (const { head, lines } of pages(call)) {
    const line = lines.find((candidate) => candidate.id === id)
    if (line !== undefined) {
      return { head, line }
    }
  }
  throw new Error(`The export has no key ${id}.`)
}

test('an export by HTTP has all keys page by page, and importing it changes nothing', async () => {
  const { call } = await open()
  const now = new Date()
  const created: string[] = []
  for (let count = 0; count < 11; count += 1) {
    const { record } = await createKey(env.KEYS, toNewFields(`key ${count}`, {}), { now })
    created.push(record.id)
    const entry = { id: record.id, cost: 5, at: now.getTime(), why: 'x', actor: 'y', model: '' }
    await env.LEDGER.getByName(record.id).adjust({ ...entry, key: '', limits: {} })
  }
  const ids: string[] = []
  const ledgers = new Set<string>()
  for await (const { head, lines } of pages(call)) {
    ids.push(...lines.flatMap(({ type, id = '' }) => (type === 'key' ? [id] : [])))
    lines.forEach(({ ledger }) => ledger !== undefined && ledgers.add(ledger))
    const imported = await call('/import', { head, lines })
    expect(await imported.json()).toMatchObject({ created: 0, changed: 0 })
  }
  expect(ids).toEqual(expect.arrayContaining(created))
  expect([...ledgers]).toEqual(expect.arrayContaining(created))
  expect(new Set(ids).size).toBe(ids.length)
})

test('an import by HTTP replaces older records, and refuses what it does not know', async () => {
  const { call } = await open()
  const { record } = await createKey(env.KEYS, toNewFields('moved', {}), { now: new Date() })
  const { head, line } = await find(call, record.id)
  const secrets = line.secrets?.map((secret) => ({
    ...secret,
    record: { ...secret.record, version: 7, status: 'revoked' },
  }))
  const imported = await call('/import', { head, lines: [{ ...line, secrets }] })
  expect(await imported.json()).toMatchObject({ changed: 1 })
  const shown = await showKey(env.KEYS, record.id)
  expect(shown?.at(-1)).toMatchObject({ status: 'revoked', version: 7 })
  for (const body of [
    { lines: [line] },
    { head: { ...head, version: 2 }, lines: [line] },
    { head, lines: [{ type: 'key', id: '../x', secrets }] },
    { head, lines: [{ type: 'usage', ledger: record.id, table: 'facts', columns: [], rows: [] }] },
  ]) {
    expect((await call('/import', body)).status).toBe(400)
  }
})
