import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { isObject, parseJson } from '../../src/anthropic/json.ts'
import { RequestSplitter } from '../../src/batches/create/split-requests.ts'

const encoder = new TextEncoder()

/** The elements of a body that comes in chunks of these sizes, or why it is refused. */
function split(body: Uint8Array | string, sizes: readonly number[] = []): unknown[] | string {
  const bytes = typeof body === 'string' ? encoder.encode(body) : body
  const splitter = new RequestSplitter()
  const elements: unknown[] = []
  try {
    let at = 0
    for (const size of [...sizes, bytes.length]) {
      for (const element of splitter.push(bytes.subarray(at, at + size))) {
        elements.push(
          JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(element)),
        )
      }
      at += size
    }
    splitter.end()
    return elements
  } catch (error) {
    return String(error)
  }
}

/** What JSON.parse of the whole makes of it; undefined where the body is to be refused. */
function expected(body: string): unknown[] | undefined {
  const json = parseJson(body.replace(/^\uFEFF/, ''))
  const requests = isObject(json) && Object.keys(json).length === 1 ? json['requests'] : undefined
  return Array.isArray(requests) && requests.length > 0 ? requests : undefined
}

describe('the splitter of requests', () => {
  test.each([
    ['one request', '{"requests":[{"a":1}]}'],
    ['several values of any kind', '{"requests":[1,"x",null,[],{},[[{}]],true]}'],
    ['whitespace everywhere', ' { "requests" \n:\t[ {"a" : [ 1 ] } ,\r\n {} ] } '],
    ['brackets, quotes and escapes in strings', '{"requests":["]},\\"","\\\\",{"}":"[\\\\\\""}]}'],
    ['a byte order mark', '\uFEFF{"requests":[1]}'],
    ['surrogates and long characters', '{"requests":["\\ud83d","😀","漢字"]}'],
    ['the name of the list inside', '{"requests":[{"requests":[1,2]},"\\"requests\\":["]}'],
  ])('the splitter of requests finds %s', (_what, body) => {
    for (let size = 1; size < body.length + 4; size++) {
      const sizes = Array.from({ length: body.length }, () => size)
      expect(split(body, sizes)).toEqual(expected(body))
    }
  })

  test.each([
    ['no JSON', 'hello', 'not valid JSON'],
    ['nothing', '', 'not valid JSON'],
    ['a list', '[1]', 'valid dictionary'],
    ['no requests', '{}', 'requests: Field required'],
    ['no list', '{"requests":{"a":[1]}}', 'requests: Input should be a valid list'],
    ['an empty list', '{"requests":[]}', 'at least 1 item'],
    ['another field', '{"requests":[1],"stream":true}', 'stream: Extra inputs are not permitted'],
    ['two lists', '{"requests":[1],"requests":[2]}', 'more than once'],
    ['a missing element', '{"requests":[1,,2]}', 'not valid JSON'],
    ['a trailing comma', '{"requests":[1,]}', 'not valid JSON'],
    ['an end that is cut off', '{"requests":[1,{"a":', 'not valid JSON'],
    ['something after the end', '{"requests":[1]}]', 'not valid JSON'],
    ['brackets that do not match', '{"requests":[1}]', 'not valid JSON'],
    [
      'a half byte order mark',
      Uint8Array.from([0xef, ...encoder.encode('{"requests":[1]}')]),
      'not valid JSON',
    ],
  ])('the splitter of requests refuses %s', (_what, body, message) => {
    const bytes = typeof body === 'string' ? encoder.encode(body) : body
    expect(split(bytes)).toContain('GatewayError')
    try {
      const splitter = new RequestSplitter()
      splitter.push(bytes)
      splitter.end()
    } catch (error) {
      expect(error).toHaveProperty('failure.message', expect.stringContaining(message))
    }
  })

  test('the splitter of requests agrees with JSON.parse on any JSON, however it is cut', () => {
    const body = fc.record({ requests: fc.array(fc.jsonValue(), { minLength: 1 }) })
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }))
    fc.assert(
      fc.property(body, sizes, fc.constantFrom(0, 1), (json, cuts, indent) => {
        const text = JSON.stringify(json, null, indent)
        expect(split(text, cuts)).toEqual(JSON.parse(text).requests)
      }),
      { numRuns: 300 },
    )
  })

  test('the splitter of requests agrees with JSON.parse on text that is nearly JSON', () => {
    const token = fc.constantFrom(
      ...Array.from('{}[],:"\\ 01'),
      '"requests"',
      '"a"',
      'null',
      '\\u0041',
      '\n',
      'é',
    )
    const noise = fc.array(token, { maxLength: 30 }).map((tokens) => tokens.join(''))
    const body = fc.oneof(
      noise,
      noise.map((text) => `{"requests":[${text}]}`),
      noise.map((text) => `{"requests":[1${text}`),
    )
    fc.assert(
      fc.property(body, fc.array(fc.integer({ min: 1, max: 5 })), (text, cuts) => {
        const wanted = expected(text)
        const found = split(text, cuts)
        if (wanted === undefined) {
          expect(typeof found).toBe('string')
        } else if (typeof found !== 'string') {
          expect(found).toEqual(wanted)
        } else {
          // What is stricter than JSON.parse: a list that is there twice, and an escaped name.
          expect(text).toMatch(/"requests".*"requests"|\\u/s)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('the splitter of requests takes time in proportion to the body', () => {
    const item = JSON.stringify({ custom_id: 'a', params: { text: 'x\\"'.repeat(100) } })
    const body = encoder.encode(
      `{"requests":[${Array.from({ length: 20_000 }, () => item).join()}]}`,
    )
    const startedAt = performance.now()
    expect(
      split(
        body,
        Array.from({ length: 200 }, () => 65_536),
      ),
    ).toHaveLength(20_000)
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })
})
