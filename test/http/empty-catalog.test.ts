/** What a deployment answers before anybody has pushed a catalog. */
import { describe, expect, test } from 'vitest'

import { createHarness } from '../support/app.ts'

const ask = { max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] }

/** An account whose Workers AI serves these models, and refuses all others as the Free plan does. */
async function deploy(serves: (model: string) => boolean) {
  const asked: string[] = []
  const run = async (model: string): Promise<Response> => {
    asked.push(model)
    if (!serves(model)) {
      throw new Error('5035: This model requires a Workers Paid plan')
    }
    const message = { role: 'assistant', content: `I am ${model}` }
    const usage = { prompt_tokens: 10, completion_tokens: 5 }
    return Response.json({ choices: [{ index: 0, message, finish_reason: 'stop' }], usage })
  }
  const harness = await createHarness({ catalog: null, vars: { AI: { run } } })
  return { ...harness, asked }
}

describe('a deployment with Workers AI and an empty catalog', () => {
  test('a deployment with Workers AI and an empty catalog answers for Claude’s names with a real model, and counts what it cost', async () => {
    const { request, asked, lines, settled } = await deploy(() => true)
    const response = await request('/v1/messages', { json: { ...ask, model: 'claude-sonnet-5' } })
    expect(await response.json()).toMatchObject({
      content: [{ type: 'text', text: 'I am @cf/zai-org/glm-5.3' }],
      usage: { input_tokens: 10, output_tokens: 5 },
    })
    await settled()
    expect(asked).toEqual(['@cf/zai-org/glm-5.3'])
    expect(lines).toMatchObject([{ target: 'workers-ai/@cf/zai-org/glm-5.3', costUsd: 0.000036 }])
  })

  test('a deployment with Workers AI and an empty catalog answers with a model of the Free plan where the account has no other', async () => {
    const { request, asked, lines, settled } = await deploy((model) => model.includes('/qwen3.8'))
    for (const _ of [1, 2]) {
      const response = await request('/v1/messages', { json: { ...ask, model: 'claude-opus-5' } })
      expect(response.status).toBe(200)
      expect(response.headers.get('gateway-model')).toBe('workers-ai/@cf/qwen/qwen3.8-27b')
      await response.arrayBuffer()
    }
    await settled()
    // A model that was refused is in cooldown: the second request does not wait for it.
    expect(asked).toEqual(['@cf/zai-org/glm-5.3', '@cf/qwen/qwen3.8-27b', '@cf/qwen/qwen3.8-27b'])
    expect(lines).toMatchObject([{ costUsd: 0.0000205 }, { costUsd: 0.0000205 }])
  })

  test('a deployment with Workers AI and an empty catalog refers a client to the operator where the account is refused every model', async () => {
    const { request } = await deploy(() => false)
    const response = await request('/v1/messages', { json: { ...ask, model: 'claude-haiku-4-5' } })
    expect(response.status).toBe(500)
    expect(await response.text()).toContain("does not permit this with the gateway's credential")
  })

  test('a deployment with Workers AI and an empty catalog is healthy, and lists its models with their prices', async () => {
    const { request } = await deploy(() => true)
    expect(await (await request('/health')).json()).toMatchObject({
      status: 'ok',
      catalog: 'bundled',
      missing: [],
    })
    const list = await (await request('/v1/models')).json()
    expect(list).toMatchObject({
      data: expect.arrayContaining([
        expect.objectContaining({
          id: 'workers-ai/glm-5.3-flash',
          description:
            '@cf/zai-org/glm-5.3-flash by workers-ai, $0.15 input and $0.5 output per million tokens',
        }),
      ]),
    })
  })
})

test('a gateway without Workers AI and with an empty catalog answers with the demo', async () => {
  const { request } = await createHarness({ catalog: null })
  const response = await request('/v1/messages', { json: { ...ask, model: 'claude-sonnet-5' } })
  expect(response.headers.get('gateway-model')).toBe('demo/demo')
  await response.arrayBuffer()
})
