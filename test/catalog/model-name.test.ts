import { expect, test } from 'vitest'

import { isModelName } from '../../src/catalog/resolve/model-name.ts'
import { findModel } from '../../src/catalog/resolve/resolve.ts'

test.each([
  'claude-sonnet-4-6',
  'claude-sonnet-4-6[1m]',
  'maker/model-1.5:free',
  'claude-x@20260101',
  'a/b/c..d',
  'my model',
  '@cf/meta/llama-3.3-70b-instruct-fp8-fast',
  'x'.repeat(256),
])('%s is a valid model name', (name) => {
  expect(isModelName(name)).toBe(true)
})

test.each([
  '',
  'small/../large',
  'small/./large',
  'small//large',
  '/large',
  'small/',
  '..',
  'small/%2e%2E/large',
  'small/.%2e/large',
  String.raw`small\large`,
  'small?x',
  'small#x',
  'small\nlarge',
  'small\u0000',
  'größe',
  'gw-gsbwz43fpq-GMYWY02PsqsYcWT1cHFsW1IiYPLcArUPH2ax8K64bby4U1Qoo',
  'chat/sk-ant-api03-0123456789abcdef0123',
  'x'.repeat(257),
])('%j is no valid model name, whatever the catalog contains', (name) => {
  expect(isModelName(name)).toBe(false)
  const targets = [{ provider: 'p', model: '*' }]
  const catalog = { version: 1 as const, providers: {}, models: [{ id: '*', targets }] }
  expect(findModel(catalog, name)).toBeUndefined()
})

test('a wildcard cannot turn a valid model name into an invalid target name', () => {
  const targets = [{ provider: 'p', model: 'tuned/*' }]
  const catalog = { version: 1 as const, providers: {}, models: [{ id: 'lab-*', targets }] }
  expect(findModel(catalog, 'lab-..')).toBeUndefined()
  expect(findModel(catalog, 'lab-x')?.targets[0]?.model).toBe('tuned/x')
})
