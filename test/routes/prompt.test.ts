import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../src/anthropic/error.ts'
import type { Body } from '../../src/routes/body.ts'
import { createPrompt } from '../../src/routes/prompt.ts'

const known = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'A few words.' }] }
const unknown = { ...known, messages: [{ role: 'oracle', content: 'A few words.' }] }

function toBody(json: object): Body {
  const text = JSON.stringify(json)
  return { bytes: new TextEncoder().encode(text), text, json: { ...json } }
}

describe('a prompt', () => {
  test('is read once', () => {
    const { canonical } = createPrompt(toBody(known), 'gpt-5')
    expect(canonical()).toMatchObject(known)
    expect(canonical()).toBe(canonical())
  })

  test('that we do not understand is refused where it must be translated, and estimated all the same', () => {
    const body = toBody(unknown)
    const { canonical, estimateInput } = createPrompt(body, 'gpt-5')
    expect(canonical).toThrow(GatewayError)
    expect(estimateInput()).toBe(Math.ceil(body.text.length / 4))
  })

  test('that is let go of holds nothing but its estimate', () => {
    const body = toBody(known)
    const prompt = createPrompt(body, 'gpt-5')
    const estimated = prompt.estimateInput()
    prompt.forget()
    expect(body).toEqual({ bytes: new Uint8Array(), text: '', json: {} })
    expect(prompt.estimateInput()).toBe(estimated)
    expect(prompt.canonical).toThrow(GatewayError)
  })

  test('that nobody has counted is estimated by its length when it is let go of', () => {
    const body = toBody(known)
    const { length } = body.text
    const { forget, estimateInput } = createPrompt(body, 'gpt-5')
    forget()
    expect(estimateInput()).toBe(Math.ceil(length / 4))
  })
})
