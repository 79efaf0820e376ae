import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../../src/anthropic/error.ts'
import { ask, bodyOf, translate } from '../../support/translate.ts'

const flash = { preset: 'gemini', dialect: 'gemini', model: 'gemini-3-flash-preview' }

describe('the URL of a Gemini request', () => {
  test.each([
    [flash, false, '/models/gemini-3-flash-preview:generateContent'],
    [flash, true, '/models/gemini-3-flash-preview:streamGenerateContent?alt=sse'],
    [{ ...flash, model: 'tunedModels/mine' }, false, '/tunedModels/mine:generateContent'],
    [
      { preset: 'vertex', dialect: 'gemini', model: 'gemini-2.5-pro@default' },
      true,
      '/publishers/google/models/gemini-2.5-pro@default:streamGenerateContent?alt=sse',
    ],
    [
      { preset: 'vertex', dialect: 'gemini', model: 'endpoints/123' },
      false,
      '/endpoints/123:generateContent',
    ],
    [{ ...flash, model: 'a?b#c' }, false, '/models/a%3Fb%23c:generateContent'],
  ])('the URL of a Gemini request with %j and stream %j is %s', (target, stream, path) => {
    expect(translate(ask({ stream }), target).upstream).toMatchObject({ path, stream })
  })
})

describe('Gemini stop sequences', () => {
  const stop_sequences = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'a', '']

  test('Gemini stop sequences beyond the fifth are enforced by the gateway', () => {
    const { upstream } = translate(ask({ stop_sequences }), flash)
    expect(upstream.enforceStops).toEqual(['f', 'g'])
    expect(upstream.body).toMatchObject({
      generationConfig: { stopSequences: ['a', 'b', 'c', 'd', 'e'] },
    })
  })

  test('Gemini stop sequences are all enforced by the gateway if the model refuses them', () => {
    const target = { ...flash, quirks: { drop_params: ['stop_sequences'] } }
    const { upstream } = translate(ask({ stop_sequences }), target)
    expect(upstream.enforceStops).toHaveLength(7)
    expect(upstream.body).not.toHaveProperty('generationConfig.stopSequences')
  })
})

describe('media by URL', () => {
  const url = 'https://example.com/a.png'
  const image = [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url } }] }]

  test('media by URL are rejected in the last message if Gemini does not fetch them', () => {
    expect(() => translate(ask({ messages: image }), { dialect: 'gemini' })).toThrow(GatewayError)
  })

  test('media by URL are sent as fileData if Gemini fetches them', () => {
    expect(bodyOf({ messages: image }, flash)['contents']).toEqual([
      { role: 'user', parts: [{ fileData: { mimeType: 'image/png', fileUri: url } }] },
    ])
  })
})

test('a Gemini tool without properties has no parameters, since an empty object is refused', () => {
  const tools = [{ name: 'f', description: 'F.', input_schema: {} }]
  expect(bodyOf({ tools }, { dialect: 'gemini' })['tools']).toEqual([
    { functionDeclarations: [{ name: 'f', description: 'F.' }] },
  ])
})
