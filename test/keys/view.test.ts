import { expect, test } from 'vitest'

import type { KeyRecord } from '../../src/keys/record.ts'
import { toKeyView, toListView } from '../../src/keys/view.ts'

const now = Date.UTC(2026, 10, 28)
const record = (more: Partial<KeyRecord> = {}): KeyRecord => ({
  id: 'aaaaaaaaaa',
  name: 'n',
  created_at: '2026-01-01T00:00:00Z',
  expires_at: null,
  status: 'active',
  models: ['*'],
  scopes: ['inference'],
  limits: { rpm: 1 },
  metadata: { team: 'x' },
  last_four: 'abcd',
  ...more,
})
const old = record({ last_four: 'old1', expires_at: '2026-12-01T00:00:00Z' })
const expired = record({ last_four: 'dead', expires_at: '2026-11-01T00:00:00Z' })
const newest = record({ created_at: '2026-02-01T00:00:00Z', name: 'renamed' })

test('a key is shown with its newest record, its first date, and its valid secrets', () => {
  expect(toKeyView([old, expired, newest], { abcd: now - 1000 }, now)).toEqual({
    id: 'aaaaaaaaaa',
    name: 'renamed',
    status: 'active',
    created_at: '2026-01-01T00:00:00Z',
    expires_at: null,
    last_four: 'abcd',
    group_id: null,
    models: ['*'],
    scopes: ['inference'],
    limits: { rpm: 1 },
    metadata: { team: 'x' },
    secrets: [
      {
        last_four: 'old1',
        created_at: '2026-01-01T00:00:00Z',
        expires_at: '2026-12-01T00:00:00Z',
        last_used_at: null,
      },
      {
        last_four: 'abcd',
        created_at: '2026-02-01T00:00:00Z',
        expires_at: null,
        last_used_at: '2026-11-27T23:59:59.000Z',
      },
    ],
  })
})

test('a key without records is not shown, and one of an older version has unknown last characters', () => {
  expect(toKeyView([], {}, now)).toBeUndefined()
  const view = toKeyView([record({ last_four: undefined, group_id: 'g' })], {}, now)
  expect(view).toMatchObject({ last_four: '????', group_id: 'g', secrets: [{ last_four: '????' }] })
})

test('a list shows what its entry has', () => {
  const secret = { last_four: 'abcd', created_at: '2026-01-01T00:00:00Z', expires_at: null }
  const listed = {
    id: 'aaaaaaaaaa',
    name: 'n',
    status: 'active' as const,
    expires_at: null,
    last_four: 'abcd',
  }
  expect(toListView(listed, {}, now)).toEqual({
    ...listed,
    created_at: null,
    group_id: null,
    secrets: [],
  })
  const whole = {
    ...listed,
    created_at: '2026-01-01T00:00:00Z',
    group_id: 'g',
    secrets: [secret, { ...secret, last_four: 'dead', expires_at: '2026-11-01T00:00:00Z' }],
  }
  expect(toListView(whole, { abcd: now }, now)).toMatchObject({
    created_at: '2026-01-01T00:00:00Z',
    group_id: 'g',
    secrets: [{ last_four: 'abcd', last_used_at: '2026-11-28T00:00:00.000Z' }],
  })
})
