/** Who a person is, and what for. */
import { describe, expect, test } from 'vitest'

import { checkIdentity } from '../../../src/catalog/check/check-sign-in.ts'
import { identitySchema } from '../../../src/catalog/schema/sign-in.ts'
import { findRule, toPersonId } from '../../../src/identity/persons/person.ts'

describe('a rule', () => {
  const rules = [
    { match: { groups: ['operators'] }, admin: true },
    { match: { emails: ['Ada@Example.com'], domains: ['example.org'] } },
  ]

  test.each([
    [{ email: 'x@elsewhere.example', groups: ['operators'] }, 0],
    [{ email: 'ada@example.com', groups: [] }, 1],
    [{ email: 'ADA@EXAMPLE.COM', groups: [] }, 1],
    [{ email: 'bob@example.org', groups: [] }, 1],
    [{ email: 'bob@sub.example.org', groups: [] }, -1],
    [{ email: 'bob@example.org.evil.example', groups: [] }, -1],
    [{ email: 'example.org@evil.example', groups: [] }, -1],
    [{ email: undefined, groups: [] }, -1],
  ])('the rule for %j is number %i', (person, index) => {
    expect(findRule(rules, person as { email: string; groups: string[] })).toBe(rules[index])
  })

  test('a rule for everyone also applies to a person without an address', () => {
    const everyone = { match: 'everyone' as const }
    expect(findRule([everyone], { groups: [] })).toBe(everyone)
  })
})

test('a person has the form of a key id, another one at another issuer', async () => {
  const id = await toPersonId({ issuer: 'https://a.example', subject: '1' })
  expect(id).toMatch(/^[a-z2-7]{10}$/)
  expect(await toPersonId({ issuer: 'https://a.example', subject: '1' })).toBe(id)
  expect(await toPersonId({ issuer: 'https://b.example', subject: '1' })).not.toBe(id)
})

describe('identity in a catalog', () => {
  const provider = { issuer: 'https://id.example', client_id: 'c' }
  const people = [{ match: 'everyone' }]

  test.each([
    [{ people: [] }, 'identity.people'],
    [{ people, providers: { id: { ...provider, issuer: 'http://id.example' } } }, 'issuer'],
    [{ people, providers: { 'My Id': provider } }, 'identity.providers.My Id'],
    [{ people, access: { team: 'https://team.example', audience: 'x' } }, 'identity.access.team'],
    [{ people, public_url: 'https://gateway.example/' }, 'identity.public_url'],
    [{ people, workloads: { ci: { issuer: 'https://ci.example', claims: {} } } }, 'claims'],
    [
      { people, workloads: { ci: { issuer: 'https://ci.example', claims: { repository: '*' } } } },
      'claims',
    ],
  ])('identity in a catalog is faulty: %j', (identity, path) => {
    const faults = checkIdentity(identitySchema.parse(identity))
    expect(faults).toEqual([
      { path: expect.stringContaining(path), message: expect.stringMatching(/^(?:must|the)/) },
    ])
  })

  test.each([
    [{ people, access: { team: 'team.example' } }],
    [{ people, access: { audience: 'x' } }],
    [{ people: [{ admin: true }] }],
  ])(
    'identity in a catalog is invalid without a restriction on who may sign in: %j',
    (identity) => {
      expect(identitySchema.safeParse(identity).success).toBe(false)
    },
  )

  test('identity in a catalog may name an issuer on this machine', () => {
    const local = { ...provider, issuer: 'http://127.0.0.1:9000' }
    expect(checkIdentity(identitySchema.parse({ people, providers: { local } }))).toEqual([])
  })
})
