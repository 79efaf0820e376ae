/** What a request asks of the service besides the model: geography, speed and tier. */
import { describe, expect, test } from 'vitest'

import type { Harness } from '../../support/app.ts'
import { chatStream, createHarness, delta } from '../../support/app.ts'

const provider = (name: string) => ({
  dialect: 'openai-chat',
  base_url: `http://${name}.test/v1`,
  secret: null,
})
const catalog = {
  version: 1,
  providers: {
    plain: provider('plain'),
    marked: provider('marked'),
    claude: { preset: 'anthropic', base_url: 'http://claude.test' },
  },
  models: [
    {
      id: 'm',
      targets: [
        { provider: 'plain', model: 'a' },
        { provider: 'marked', model: 'b', geo: 'eu', speed: 'fast', service_tier: 'priority' },
      ],
    },
    { id: 'claude-x', targets: [{ provider: 'claude', model: 'claude-x' }] },
  ],
}

function gatewayOf(): Promise<Harness> {
  return createHarness({
    catalog,
    upstream: ({ url }) =>
      url.includes('claude')
        ? Response.json({ type: 'message', content: [], usage: {} })
        : chatStream(delta({ content: 'Hi.' }), delta({}, 'stop')),
  })
}

interface Answered {
  host: string | undefined
  status: number
  body: { usage?: object; error?: { message: string } }
  adapted: string
}

async function ask(fields: object): Promise<Answered> {
  const gateway = await gatewayOf()
  const json = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }], ...fields }
  const response = await gateway.request('/v1/messages', { json })
  const url = gateway.sent[0]?.url
  return {
    host: url === undefined ? undefined : new URL(url).hostname.split('.')[0],
    status: response.status,
    body: await response.json(),
    adapted: response.headers.get('gateway-adapted') ?? '',
  }
}

test('a request that asks for nothing goes to the first target, and its usage reports no service', async () => {
  const { host, body } = await ask({})
  expect(host).toBe('plain')
  expect(body.usage).not.toHaveProperty('service_tier')
})

describe('a request', () => {
  test.each([
    [{ inference_geo: 'eu' }, 'marked', { inference_geo: 'eu' }],
    [{ inference_geo: 'global' }, 'plain', { inference_geo: null }],
    [{ speed: 'fast' }, 'marked', { speed: 'fast' }],
    [{ speed: 'standard' }, 'plain', { speed: 'standard' }],
    [{ service_tier: 'auto' }, 'marked', { service_tier: 'priority' }],
    [{ service_tier: 'standard_only' }, 'plain', { service_tier: 'standard' }],
  ])(
    'a request with %j is served by the %s target, which its usage reports',
    async (fields, host, usage) => {
      const answered = await ask(fields)
      expect(answered).toMatchObject({ host, status: 200, body: { usage } })
      expect(answered.adapted).not.toContain('drop')
    },
  )

  test('a request that is bound to a place without a target is rejected', async () => {
    const { host, status, body } = await ask({ inference_geo: 'us' })
    expect(status).toBe(400)
    expect(body.error?.message).toBe('inference_geo: this gateway has no target of m in "us".')
    expect(host).toBeUndefined()
  })

  test('a request that is bound to a place is left to Anthropic’s own servers', async () => {
    expect(await ask({ model: 'claude-x', inference_geo: 'us' })).toMatchObject({
      host: 'claude',
      status: 200,
    })
  })
})
