import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createToolNames } from '../../../../src/dialects/shared/tools/tool-names.ts'

const rule = { maxLength: 64, illegal: /[^a-zA-Z0-9_-]/g }

describe('tool names', () => {
  test('tool names that are valid are not changed', () => {
    const names = createToolNames(['Bash'], rule)
    expect(names.toUpstream('Bash')).toBe('Bash')
    expect(names.toClient.size).toBe(0)
  })

  test('tool names that are too long are shortened identically in every request, whatever other tools it has', () => {
    const long = `mcp__${'server_'.repeat(12)}tool`
    const [one, other] = [createToolNames([long], rule), createToolNames(['x', long, 'y'], rule)]
    expect(one.toUpstream(long)).toBe(other.toUpstream(long))
    expect(one.toUpstream(long)).toHaveLength(64)
    expect(one.toClient.get(one.toUpstream(long))).toBe(long)
  })

  test('tool names that become equal when normalized stay distinct', () => {
    const names = createToolNames(['a.b', 'a:b', 'a_b'], rule)
    expect(new Set(['a.b', 'a:b', 'a_b'].map((name) => names.toUpstream(name))).size).toBe(3)
  })

  test('tool names are never shortened to the name of another offered tool', () => {
    const taken = createToolNames([], rule).toUpstream('a.b')
    const names = createToolNames(['a.b', taken], rule)
    expect(names.toUpstream('a.b')).not.toBe(taken)
    expect(names.toUpstream(taken)).toBe(taken)
  })

  test('tool names begin with a character that the upstream accepts', () => {
    const names = createToolNames([], { ...rule, first: /[a-zA-Z_]/ })
    expect(names.toUpstream('9lives')).toMatch(/^_9lives_/)
  })

  test('tool names are valid, distinct and restorable, whatever the client sends', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 200 })), (clientNames) => {
        const names = createToolNames(clientNames, rule)
        const upstream = clientNames.map((name) => names.toUpstream(name))
        expect(upstream.every((name) => /^[a-zA-Z0-9_-]{1,64}$/.test(name))).toBe(true)
        expect(upstream.map((name) => names.toClient.get(name) ?? name)).toEqual(clientNames)
      }),
    )
  })
})
