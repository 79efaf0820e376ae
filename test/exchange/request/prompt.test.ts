import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../../src/anthropic/error.ts'
import type { RequestBody } from '../../../src/exchange/request/body.ts'
import { Prompt } from '../../../src/exchange/request/prompt.ts'

const known = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'A few words.' }] }
const unknown = { ...known, messages: [{ role: 'oracle', content: 'A few words.' }] }

function toBody(json: object): RequestBody {
  const text = JSON.stringify(json)
  return {
    text,
    byteLength: new TextEncoder().encode(text).length,
    json: JSON.parse(text),
    isWellFormed: !text.includes('\\ud'),
    mayBeInexact: false,
    hold: undefined,
  }
}

describe('a prompt', () => {
  test('a prompt is parsed once', () => {
    const prompt = new Prompt(toBody(known), 'gpt-5')
    expect(prompt.canonical()).toMatchObject(known)
    expect(prompt.canonical()).toBe(prompt.canonical())
  })

  test('a prompt with a lone surrogate is made well-formed for translation', () => {
    const prompt = new Prompt(toBody({ ...known, system: 'x\ud83d' }), 'gpt-5')
    expect(prompt.canonical().system).toBe('x�')
  })

  test('a prompt with an invalid body is rejected for translation, and still estimated', () => {
    const body = toBody(unknown)
    const prompt = new Prompt(body, 'gpt-5')
    expect(() => prompt.canonical()).toThrow(GatewayError)
    expect(prompt.estimateInput()).toBe(Math.ceil(body.byteLength / 4))
  })

  test('a prompt that was released retains nothing but its estimate', () => {
    const body = toBody(known)
    const prompt = new Prompt(body, 'gpt-5')
    const estimated = prompt.estimateInput()
    prompt.release()
    expect(body).toMatchObject({ text: '', json: {} })
    expect(prompt.estimateInput()).toBe(estimated)
    expect(() => prompt.canonical()).toThrow(GatewayError)
  })

  test('a prompt that was not estimated before it is released is estimated by its length', () => {
    const body = toBody(known)
    const { byteLength } = body
    const prompt = new Prompt(body, 'gpt-5')
    prompt.release()
    expect(prompt.estimateInput()).toBe(Math.ceil(byteLength / 4))
  })
})
