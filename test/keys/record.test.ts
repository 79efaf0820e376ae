import { describe, expect, test } from 'vitest'

import {
  allowsModel,
  isExpired,
  keyRecord,
  mayAdminister,
  mayUseModels,
} from '../../src/keys/record.ts'

const at = Date.UTC(2026, 10, 28)

test.each([
  [[], false, true],
  [['inference'], false, true],
  [['admin'], true, false],
  [['admin', 'inference'], true, true],
])('the scopes %j administer: %s; use models: %s', (scopes, administers, uses) => {
  expect(mayAdminister({ scopes })).toBe(administers)
  expect(mayUseModels({ scopes })).toBe(uses)
})

describe('a model is allowed', () => {
  const models = ['gpt-*', 'claude']
  test('a model is allowed by any of its names', () => {
    expect(allowsModel([{ models }], 'other', 'claude')).toBe(true)
    expect(allowsModel([{ models }], 'gpt-5')).toBe(true)
    expect(allowsModel([{ models }], 'other')).toBe(false)
  })

  test('a model is allowed by both the key and its group, if it has one', () => {
    expect(allowsModel([{ models }, undefined], 'gpt-5')).toBe(true)
    expect(allowsModel([{ models }, { models: ['*'] }], 'gpt-5')).toBe(true)
    expect(allowsModel([{ models }, { models: ['claude'] }], 'gpt-5')).toBe(false)
    expect(allowsModel([{ models: [] }, { models }], 'gpt-5')).toBe(false)
  })
})

test('a key expires at its time, and never without one', () => {
  const expires_at = new Date(at).toISOString()
  expect(isExpired({ expires_at }, at - 1)).toBe(false)
  expect(isExpired({ expires_at }, at)).toBe(true)
  expect(isExpired({ expires_at: null }, Infinity)).toBe(false)
})

test('a record with fields of a newer version is read, and one with a broken field is not', () => {
  const record = {
    id: 'a',
    name: 'n',
    created_at: '2026-01-01T00:00:00Z',
    expires_at: null,
    status: 'active',
    models: ['*'],
    scopes: [],
    limits: {},
    metadata: { team: 'x' },
  }
  expect(keyRecord.parse({ ...record, newer: 1 })).toEqual(record)
  for (const broken of [
    { status: 'odd' },
    { expires_at: 'soon' },
    { metadata: { a: 1 } },
    { models: 'all' },
  ]) {
    expect(keyRecord.safeParse({ ...record, ...broken }).success).toBe(false)
  }
})
