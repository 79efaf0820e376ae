import { expect, test } from 'vitest'

import { exampleOf } from '../../src/demo/model/example-value.ts'
import { matchesSchema } from '../../src/demo/model/matches-schema.ts'

const string = { type: 'string' }

test.each<[string, object, unknown]>([
  ['anything', {}, {}],
  ['a string', string, 'text'],
  ['a long string', { type: 'string', minLength: 6 }, 'text..'],
  ['a short string', { type: 'string', maxLength: 2 }, 'te'],
  ['a date', { type: 'string', format: 'date' }, '2026-01-01'],
  ['a number', { type: 'number' }, 1],
  ['a bounded number', { type: 'number', maximum: -2 }, -2],
  ['a number above', { type: 'integer', exclusiveMinimum: 6, multipleOf: 5 }, 10],
  ['a boolean', { type: 'boolean' }, true],
  ['null', { type: 'null' }, null],
  ['one of several types', { type: ['integer', 'null'] }, 1],
  ['a constant', { const: 'x' }, 'x'],
  ['one of a list', { enum: ['b', 'a'] }, 'b'],
  ['an empty list', { type: 'array', items: string }, []],
  ['a list of two', { type: 'array', items: string, minItems: 2 }, ['text', 'text']],
  ['a tuple', { prefixItems: [string, { type: 'null' }] }, ['text', null]],
  ['an object', { properties: { a: string, b: string }, required: ['a'] }, { a: 'text' }],
  ['the first choice', { anyOf: [{ type: 'null' }, string] }, null],
  [
    'a choice beside properties',
    { properties: { a: string, b: string }, required: ['b'], oneOf: [{ required: ['a'] }] },
    { b: 'text', a: 'text' },
  ],
  [
    'all of several',
    {
      allOf: [
        { properties: { a: string }, required: ['a'] },
        { properties: { b: { type: 'null' } }, required: ['b'] },
      ],
    },
    { a: 'text', b: null },
  ],
  [
    'a reference',
    {
      type: 'object',
      properties: { a: { $ref: '#/$defs/x~1y' } },
      required: ['a'],
      $defs: { 'x/y': { type: 'integer' } },
    },
    { a: 1 },
  ],
  ['a reference to nothing', { $ref: '#/$defs/none' }, {}],
])('exampleOf generates a value that matchesSchema accepts: %s', (_, schema, instance) => {
  expect(exampleOf(schema)).toEqual(instance)
  expect(matchesSchema(instance, schema)).toBe(true)
})

test.each<[string, object, unknown]>([
  ['of another type', string, 1],
  ['without a required property', { required: ['a'] }, {}],
  ['with a property too many', { properties: {}, additionalProperties: false }, { a: 1 }],
  ['with a property of another type', { properties: { a: string } }, { a: 1 }],
  ['with an item of another type', { items: string }, [1]],
  ['with too few items', { type: 'array', minItems: 1 }, []],
  ['that is not in the list', { enum: [1, 2] }, 3],
  ['that is not the constant', { const: { a: 1 } }, { a: 2 }],
  ['that no choice takes', { anyOf: [string, { type: 'null' }] }, 1],
  ['that one part refuses', { allOf: [{}, string] }, 1],
  ['that is a fraction', { type: 'integer' }, 1.5],
])('does not take a value %s', (_, schema, value) => {
  expect(matchesSchema(value, schema)).toBe(false)
})

test('generating a value terminates for recursive schemas', () => {
  const both = {
    type: 'object',
    required: ['a', 'b'],
    properties: { a: { $ref: '#' }, b: { $ref: '#' } },
  }
  const wide = { type: 'array', minItems: 1e9, items: { $ref: '#' } }
  const round = { anyOf: [{ $ref: '#' }, { $ref: '#' }] }
  expect(JSON.stringify(exampleOf(both)).length).toBeLessThan(1_000_000)
  expect(JSON.stringify(exampleOf(wide)).length).toBeLessThan(1_000_000)
  expect(exampleOf({ $ref: '#' })).toEqual({})
  expect(exampleOf(round)).toBeDefined()
  expect(matchesSchema({}, round)).toBe(true)
})
