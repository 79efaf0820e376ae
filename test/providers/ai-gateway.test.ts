import { describe, expect, test } from 'vitest'

import { describeFault } from '../../src/catalog/check/fault.ts'
import { parseCatalog } from '../../src/catalog/parse.ts'
import { toResolvedTarget } from '../../src/catalog/resolve/resolved-target.ts'
import { dialects } from '../../src/dialects/index.ts'
import { isErrorBody } from '../../src/dialects/shared/errors/error-body.ts'
import { toReplyFailure } from '../../src/dialects/shared/errors/upstream-error.ts'
import { aiGatewayRequestHeaders } from '../../src/providers/ai-gateway.ts'
import { presets } from '../../src/providers/index.ts'

const registries = { presets, dialects }

function parse(provider: object) {
  const target = { provider: 'p', model: 'm' }
  const models = [{ id: 'm', targets: [target] }]
  return parseCatalog({ version: 1, providers: { p: provider }, models }, registries)
}

function upstream(provider: object) {
  const parsed = parse(provider)
  if ('faults' in parsed) {
    throw new Error(parsed.faults.map(describeFault).join('; '))
  }
  const [model] = parsed.catalog.models
  return toResolvedTarget(parsed.catalog, registries, model!, model!.targets[0]!)
}

function faults(provider: object): string[] {
  const parsed = parse(provider)
  return 'faults' in parsed ? parsed.faults.map(describeFault) : []
}

const via = { ai_gateway: { account: 'acc', gateway: 'gw' } }

describe('a provider through AI Gateway', () => {
  test.each([
    ['openai', 'openai'],
    ['anthropic', 'anthropic'],
    ['mistral', 'mistral/v1'],
    ['gemini', 'google-ai-studio/v1beta'],
    ['xai', 'grok/v1'],
  ] as const)(
    'the provider %s through AI Gateway has the URL %s, with its own key',
    (preset, path) => {
      const { baseUrl, auth, secrets, headers, aiGateway } = upstream({ preset, via })
      expect(baseUrl).toBe(`https://gateway.ai.cloudflare.com/v1/acc/gw/${path}`)
      expect({ auth, secrets }).toEqual({
        auth: presets[preset].auth,
        secrets: [presets[preset].secret],
      })
      expect(headers).toMatchObject({ 'cf-aig-skip-cache': 'true' })
      expect(aiGateway).toEqual({ secret: undefined })
    },
  )

  test('a provider through AI Gateway may be cached where the catalog wants it', () => {
    const headers = { 'cf-aig-skip-cache': 'false' }
    expect(upstream({ preset: 'openai', via, headers }).headers).toMatchObject(headers)
  })

  test('a provider through AI Gateway may have its key stored there, and be a custom one', () => {
    const ai_gateway = { ...via.ai_gateway, path: 'custom-lab/v1', secret: 'CF_AIG_TOKEN' }
    expect(upstream({ dialect: 'openai-chat', secret: null, via: { ai_gateway } })).toMatchObject({
      baseUrl: 'https://gateway.ai.cloudflare.com/v1/acc/gw/custom-lab/v1',
      secrets: [],
      aiGateway: { secret: 'CF_AIG_TOKEN' },
    })
  })

  test.each([
    [{ preset: 'ollama', via }, 'providers.p.via.ai_gateway.path: required: path of the provider'],
    [
      { preset: 'openai', via, base_url: 'https://a.example' },
      'providers.p.via.ai_gateway: "via" and "base_url" are mutually exclusive',
    ],
    [
      { preset: 'openai', via: { ai_gateway: { ...via.ai_gateway, secret: 'sk-1' } } },
      'providers.p.via.ai_gateway.secret: must be the name of a Worker secret',
    ],
    [
      { preset: 'openai', headers: { 'cf-aig-authorization': 'Bearer x' } },
      'providers.p.headers.cf-aig-authorization: must not be in the catalog',
    ],
  ])(
    'a provider through AI Gateway is rejected if AI Gateway does not support it: %j',
    (provider, fault) => {
      expect(faults(provider)).toEqual([expect.stringContaining(fault)])
    },
  )

  test('a provider through AI Gateway has the gateway’s metadata, and its token if it requires one', () => {
    expect(aiGatewayRequestHeaders('t', 'k1')).toEqual({
      'cf-aig-authorization': 'Bearer t',
      'cf-aig-metadata': '{"key":"k1"}',
    })
    expect(aiGatewayRequestHeaders(undefined, 'k1')).toEqual({ 'cf-aig-metadata': '{"key":"k1"}' })
  })

  test.each([
    [401, { code: 2009, message: 'Unauthorized' }, 500, 'api_error'],
    [429, { code: 2003, message: 'Rate limited' }, 429, 'rate_limit_error'],
    [400, { code: 2001, message: 'Please configure AI Gateway' }, 400, 'invalid_request_error'],
  ])(
    'a provider through AI Gateway has errors in Cloudflare’s format: %d',
    (status, error, ours, type) => {
      const body = { success: false, result: [], messages: [], error: [error] }
      const target = { provider: 'p', model: 'm', limits: {}, takes: {} }
      const reply = { status, headers: new Headers(), body: JSON.stringify(body) }
      expect(isErrorBody(body)).toBe(true)
      expect(toReplyFailure(reply, target)).toMatchObject({ status: ours, type })
    },
  )
})
