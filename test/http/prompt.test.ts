import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../src/anthropic/error.ts'
import { maySayHalves } from '../../src/anthropic/request/well-formed.ts'
import { createPrompt } from '../../src/exchange/prompt.ts'
import type { Body } from '../../src/http/body.ts'

const known = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'A few words.' }] }
const unknown = { ...known, messages: [{ role: 'oracle', content: 'A few words.' }] }

function toBody(json: object): Body {
  const text = JSON.stringify(json)
  return {
    bytes: new TextEncoder().encode(text),
    json: JSON.parse(text),
    maySayHalves: maySayHalves(text),
  }
}

describe('a prompt', () => {
  test('is read once', () => {
    const { canonical } = createPrompt(toBody(known), 'gpt-5')
    expect(canonical()).toMatchObject(known)
    expect(canonical()).toBe(canonical())
  })

  test('with half a character is made whole for whoever translates it', () => {
    const { canonical } = createPrompt(toBody({ ...known, system: 'x\ud83d' }), 'gpt-5')
    expect(canonical().system).toBe('x�')
  })

  test('that we do not understand is refused where it must be translated, and estimated all the same', () => {
    const body = toBody(unknown)
    const { canonical, estimateInput } = createPrompt(body, 'gpt-5')
    expect(canonical).toThrow(GatewayError)
    expect(estimateInput()).toBe(Math.ceil(body.bytes.length / 4))
  })

  test('that is let go of holds nothing but its estimate', () => {
    const body = toBody(known)
    const prompt = createPrompt(body, 'gpt-5')
    const estimated = prompt.estimateInput()
    prompt.forget()
    expect(body).toMatchObject({ bytes: new Uint8Array(), json: {} })
    expect(prompt.estimateInput()).toBe(estimated)
    expect(prompt.canonical).toThrow(GatewayError)
  })

  test('that nobody has counted is estimated by its length when it is let go of', () => {
    const body = toBody(known)
    const { length } = body.bytes
    const { forget, estimateInput } = createPrompt(body, 'gpt-5')
    forget()
    expect(estimateInput()).toBe(Math.ceil(length / 4))
  })
})
