import { expect, test } from 'vitest'

import {
  isStrictSchema,
  toStrictSchema,
} from '../../../../src/dialects/shared/schema/strict-schema.ts'

test('a strict copy of a schema closes every object and requires every property', () => {
  const schema = {
    type: 'object',
    properties: {
      a: { type: 'array', items: { type: 'object', properties: { b: { type: 'string' } } } },
      c: { anyOf: [{ type: 'object', properties: {}, required: [] }, { type: 'null' }] },
    },
    required: ['a'],
  }
  const before = structuredClone(schema)
  expect(toStrictSchema(schema)).toEqual({
    type: 'object',
    properties: {
      a: {
        type: 'array',
        items: {
          type: 'object',
          properties: { b: { type: 'string' } },
          additionalProperties: false,
          required: ['b'],
        },
      },
      c: {
        anyOf: [
          { type: 'object', properties: {}, required: [], additionalProperties: false },
          { type: 'null' },
        ],
      },
    },
    required: ['a', 'c'],
    additionalProperties: false,
  })
  expect(schema).toEqual(before)
})

test.each([
  ['a map', { type: 'object', additionalProperties: { type: 'string' } }],
  ['an object of any shape', { type: 'object', properties: { a: { type: 'object' } } }],
  ['a union at the root', { anyOf: [{ type: 'object', properties: {} }] }],
])('a schema with %s cannot be strict', (_, schema) => {
  expect(toStrictSchema(schema)).toBeUndefined()
})

test('a schema is already strict if its strict copy is the same', () => {
  const strict = {
    required: ['b', 'a'],
    additionalProperties: false,
    type: 'object',
    properties: { a: { type: 'string' }, b: { type: 'integer' } },
  }
  expect(isStrictSchema(strict)).toBe(true)
  expect(isStrictSchema({ ...strict, required: ['a'] })).toBe(false)
})
