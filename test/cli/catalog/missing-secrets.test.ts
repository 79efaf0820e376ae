import { describe, expect, test } from 'vitest'

import { findMissing, readDeployedSecrets } from '../../../src/cli/catalog/missing-secrets.ts'

const server = { dialect: 'openai-chat' as const, base_url: 'http://lab.test/v1' }

const catalog = {
  version: 1 as const,
  providers: {
    one: { ...server, secret: 'ONE_KEY' },
    two: { ...server, secrets: ['TWO_A', 'TWO_B'] },
    open: { ...server, secret: null },
  },
  models: [
    { id: 'a', targets: [{ provider: 'one', model: 'x' }] },
    {
      id: 'b',
      targets: [
        { provider: 'two', model: 'x' },
        { provider: 'one', model: 'x' },
      ],
    },
    { id: 'c', targets: [{ provider: 'open', model: 'x' }] },
  ],
}

describe('the secrets of a catalog', () => {
  test('missing secrets of a catalog are named with the models that need them', () => {
    expect(findMissing(catalog, () => undefined)).toEqual([
      { secrets: ['ONE_KEY'], neededBy: ['a', 'b'] },
      { secrets: ['TWO_A', 'TWO_B'], neededBy: ['b'] },
    ])
  })

  test('the secrets of a catalog are not missing if one of a provider is set', () => {
    expect(findMissing(catalog, (name) => (name === 'TWO_B' ? 'x' : undefined))).toEqual([
      { secrets: ['ONE_KEY'], neededBy: ['a', 'b'] },
    ])
  })

  test('missing secrets of sign-in are named with the provider', () => {
    const oidc = { issuer: 'https://id.example', client_id: 'c' }
    const providers = { company: { ...oidc, secret: 'OIDC_SECRET' }, public: oidc }
    const identity = { people: [], providers }
    expect(findMissing({ ...catalog, models: [], identity }, () => undefined)).toEqual([
      { secrets: ['OIDC_SECRET'], neededBy: ['sign-in by company'] },
    ])
  })

  test('the names of secrets are read from the deployed Worker, and not guessed if Wrangler cannot list them', async () => {
    const stdout = '[{"name":"ONE_KEY","type":"secret_text"}]'
    const has = await readDeployedSecrets(async () => ({ code: 0, stdout, stderr: '' }))
    expect([has?.('ONE_KEY'), has?.('TWO_A')]).toEqual([true, undefined])
    const failed = { code: 1, stdout: '', stderr: 'not logged in' }
    expect(await readDeployedSecrets(async () => failed)).toBeUndefined()
  })
})
