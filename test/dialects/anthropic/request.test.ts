import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { toAnthropicBody } from '../../../src/dialects/anthropic/request/request.ts'
import { replaceModel } from '../../../src/dialects/anthropic/request/splice.ts'

describe('replacing the model’s name', () => {
  test.each([
    ['{"model":"a"}', '{"model":"b"}'],
    [
      '{ "x" : 1.0, "model" : "a", "y":"é\\u0041" }',
      '{ "x" : 1.0, "model" : "b", "y":"é\\u0041" }',
    ],
    ['{"m":{"model":"a"},"model":"a"}', '{"m":{"model":"a"},"model":"b"}'],
    [
      '{"l":["model","a"],"t":"\\"model\\":\\"a\\"","model":"a"}',
      '{"l":["model","a"],"t":"\\"model\\":\\"a\\"","model":"b"}',
    ],
    ['{"model":"a","model":"a"}', '{"model":"b","model":"b"}'],
    ['{"a":"model","model":"a"}', '{"a":"model","model":"b"}'],
  ])('replacing the model’s name changes no other byte: %s', (text, renamed) => {
    expect(replaceModel(text, 'b')).toBe(renamed)
  })

  test('replacing the model’s name returns undefined if the body has no model', () => {
    expect([replaceModel('{}', 'b'), replaceModel('["model"]', 'b')]).toEqual([
      undefined,
      undefined,
    ])
  })

  test('replacing the model’s name changes only the top-level model of any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (object, model) => {
        const { model: _, ...rest } = object
        const text = JSON.stringify({ ...rest, model: 'old', z: [{ model: 'kept' }] }, null, 1)
        expect(JSON.parse(replaceModel(text, model) ?? '')).toEqual({
          ...JSON.parse(text),
          model,
        })
      }),
    )
  })
})

describe('a body for an Anthropic upstream', () => {
  const encode = (body: object) => {
    const text = JSON.stringify(body)
    return { text, json: JSON.parse(text) }
  }

  test('a body for an Anthropic upstream is the client’s own text if the model’s name is the same', () => {
    const body = encode({ model: 'm', messages: [] })
    expect(toAnthropicBody(body, 'm')).toBe(body.text)
  })
})
