import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'

import { lazySchema } from '../../src/platform/lazy-schema.ts'

function createObject() {
  const built: string[] = []
  const inner = lazySchema(() => {
    built.push('inner')
    return z.object({ size: z.number() })
  })
  return { built, object: z.object({ inner: z.optional(z.nullable(inner)) }) }
}

describe('a schema that is built on first use', () => {
  test.each([[{}], [{ inner: null }]])(
    'a schema that is built on first use is not built for %j, where it is absent',
    (value) => {
      const { built, object } = createObject()
      expect(object.parse(value)).toEqual(value)
      expect(built).toEqual([])
    },
  )

  test('a schema that is built on first use is built once, and validates as any other', () => {
    const { built, object } = createObject()
    expect(object.parse({ inner: { size: 1 } })).toEqual({ inner: { size: 1 } })
    expect(object.safeParse({ inner: { size: 'x' } }).success).toBe(false)
    expect(built).toEqual(['inner'])
  })

  test('a schema that is built on first use is required where it is not optional', () => {
    const object = z.object({ inner: lazySchema(() => z.string()) })
    expect(object.safeParse({}).success).toBe(false)
  })
})
