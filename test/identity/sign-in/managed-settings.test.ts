/** The settings that Claude Code gets by policy. */
import { createHash } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { toCanonicalJson } from '../../../src/identity/policies/canonical-json.ts'
import {
  findSettings,
  matchesEtag,
  mergeSettings,
  toChecksum,
} from '../../../src/identity/policies/managed-settings.ts'

/** Written apart from the product's: sorts a copy of the value, and lets JSON write it. */
function independentChecksum(value: unknown): string {
  const sorted = (one: unknown): unknown => {
    if (Array.isArray(one)) {
      return one.map(sorted)
    }
    if (one === null || typeof one !== 'object') {
      return one
    }
    const entries = Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
  }
  return `sha256:${createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')}`
}

describe('the checksum', () => {
  test.each([
    [{}],
    [{ b: 1, a: [{ d: null, c: 'x' }], é: 'ü', '😀': '\u2028', A: 1.5e21 }],
    [{ permissions: { deny: ['Bash(rm *)'], allow: [] }, env: { Z: '1', A: '"\\' } }],
  ])(
    'the checksum of managed settings is the SHA-256 of their JSON with sorted keys: %j',
    async (settings) => {
      expect(await toChecksum(settings)).toBe(independentChecksum(settings))
    },
  )

  test('the checksum of managed settings does not depend on the order of keys, but on that of lists', async () => {
    expect(await toChecksum({ a: 1, b: 2 })).toBe(await toChecksum({ b: 2, a: 1 }))
    expect(await toChecksum({ a: [1, 2] })).not.toBe(await toChecksum({ a: [2, 1] }))
  })

  test('the checksum of managed settings covers JSON without white space', () => {
    expect(toCanonicalJson({ b: [1, { d: 2, c: 3 }], a: 'x y' })).toBe(
      '{"a":"x y","b":[1,{"c":3,"d":2}]}',
    )
  })
})

describe('If-None-Match', () => {
  test.each([
    ['"sha256:1"', true],
    ['W/"sha256:1"', true],
    ['"sha256:0", "sha256:1"', true],
    ['*', true],
    ['"sha256:0"', false],
    ['sha256:1', false],
    ['', false],
    [undefined, false],
  ])('If-None-Match %s matches the checksum sha256:1: %s', (header, isMatch) => {
    expect(matchesEtag(header, 'sha256:1')).toBe(isMatch)
  })
})

describe('a policy', () => {
  const policies = [
    { match: { groups: ['interns'] }, cli: { model: 'small' } },
    { match: { email_domain: 'example.com' }, cli: { model: 'large' } },
    { match: {}, cli: { env: { A: '1' } } },
  ]
  const owner = { issuer: '', subject: '', email: 'ada@example.com', groups: [] as string[] }

  test.each([
    [
      { ...owner, groups: ['interns'] },
      { model: 'small', env: { A: '1' } },
    ],
    [owner, { model: 'large', env: { A: '1' } }],
    [{ ...owner, email: 'ada@notexample.com' }, { env: { A: '1' } }],
    [undefined, { env: { A: '1' } }],
  ])('the policy for %j is the first that matches, merged over the base', (person, settings) => {
    expect(findSettings(policies, person, 'cli')).toEqual(settings)
  })

  test('a person whom no policy matches has none', () => {
    expect(findSettings(policies.slice(0, 1), owner, 'cli')).toBeUndefined()
    expect(findSettings(policies, owner, 'desktop')).toBeUndefined()
  })

  test('a policy replaces lists of what is allowed, and adds to what is denied, to hooks and records', () => {
    const base = {
      availableModels: ['a', 'b'],
      deniedMcpServers: ['x'],
      permissions: { allow: ['Read'], deny: ['WebFetch'], defaultMode: 'plan' },
      hooks: { PreToolUse: [{ matcher: 'Bash' }], Stop: [] },
      env: { A: '1', B: '1' },
      model: 'a',
    }
    const own = {
      availableModels: ['c'],
      deniedMcpServers: ['x', 'y'],
      permissions: { allow: ['Bash'], deny: ['WebSearch'] },
      hooks: { PreToolUse: [{ matcher: 'Edit' }] },
      env: { B: '2' },
      model: 'c',
    }
    expect(mergeSettings(base, own)).toEqual({
      availableModels: ['c'],
      deniedMcpServers: ['x', 'y'],
      permissions: { allow: ['Bash'], deny: ['WebFetch', 'WebSearch'], defaultMode: 'plan' },
      hooks: { PreToolUse: [{ matcher: 'Bash' }, { matcher: 'Edit' }], Stop: [] },
      env: { A: '1', B: '2' },
      model: 'c',
    })
  })
})
