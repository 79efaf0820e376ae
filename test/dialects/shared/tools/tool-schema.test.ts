import { describe, expect, test } from 'vitest'

import { createReport } from '../../../../src/anthropic/report.ts'
import { toMfjsSchema } from '../../../../src/dialects/shared/tools/mfjs-schema.ts'
import { createToolNames } from '../../../../src/dialects/shared/tools/tool-names.ts'
import { repairSchema } from '../../../../src/dialects/shared/tools/tool-schema.ts'

function repair(schema: Record<string, unknown>) {
  const report = createReport()
  return {
    schema: repairSchema(schema, 'tools.0.input_schema', report),
    report: report.adaptations,
  }
}

describe('repairSchema', () => {
  test('Every array gets items, at any depth and in a list of types, without a report', () => {
    const { schema, report } = repair({
      type: 'object',
      properties: {
        rows: { type: 'array', items: { type: ['array', 'null'] } },
        tuple: { type: 'array', prefixItems: [{ type: 'string' }] },
      },
      $defs: { more: { type: 'array', description: 'any' } },
    })
    expect(schema).toEqual({
      type: 'object',
      properties: {
        rows: { type: 'array', items: { type: ['array', 'null'], items: {} } },
        tuple: { type: 'array', prefixItems: [{ type: 'string' }], items: {} },
      },
      $defs: { more: { type: 'array', description: 'any', items: {} } },
    })
    expect(report).toEqual([])
  })

  test('A property that is named like a keyword stays as it is', () => {
    const schema = {
      type: 'object',
      properties: { not: { type: 'string' }, enum: { type: 'array', items: {} } },
    }
    expect(repair(schema).schema).toEqual(schema)
  })

  test.each(['not', 'enum', 'const'])(
    'A %s at the root is removed and reported; inside it stays',
    (keyword) => {
      const inner = { type: 'string', [keyword]: ['a'] }
      const { schema, report } = repair({ type: 'object', properties: { inner }, [keyword]: [{}] })
      expect(schema).toEqual({ type: 'object', properties: { inner } })
      expect(report).toEqual([{ field: `tools.0.input_schema.${keyword}`, action: 'drop' }])
    },
  )

  test('A union at the root becomes properties: what differs is either, what all require is required', () => {
    const { schema } = repair({
      oneOf: [
        { properties: { a: { type: 'string' }, b: { type: 'number' } }, required: ['a', 'b'] },
        { properties: { a: { type: 'integer' } }, required: ['a'] },
        { properties: { a: { type: 'string' } }, required: ['a'] },
      ],
    })
    expect(schema).toEqual({
      type: 'object',
      properties: {
        a: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
        b: { type: 'number' },
      },
      required: ['a'],
    })
  })
})

describe('toMfjsSchema', () => {
  const convert = (schema: Record<string, unknown>) => toMfjsSchema(schema, '', createReport())

  test('A type beside anyOf goes into the branches that have neither type nor reference', () => {
    expect(
      convert({
        properties: { u: { type: 'string', anyOf: [{ minLength: 1 }, { type: 'null' }] } },
      }),
    ).toEqual({
      properties: { u: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'null' }] } },
    })
  })

  test('Definitions of older drafts move, and references follow them', () => {
    expect(
      convert({
        properties: { a: { $ref: '#/definitions/A' } },
        definitions: { A: { type: 'string' } },
      }),
    ).toEqual({ properties: { a: { $ref: '#/$defs/A' } }, $defs: { A: { type: 'string' } } })
  })

  test('A reference with keywords beside it, or to another place, becomes a copy', () => {
    expect(
      convert({
        properties: {
          a: { $ref: '#/$defs/A', title: 'home' },
          b: { $ref: '#/properties/c' },
          c: { type: 'number' },
        },
        $defs: { A: { type: 'string' } },
      }),
    ).toEqual({
      properties: {
        a: { type: 'string', title: 'home' },
        b: { type: 'number' },
        c: { type: 'number' },
      },
    })
  })

  test('A recursive definition stays a reference', () => {
    const schema = {
      properties: { tree: { $ref: '#/$defs/Tree' } },
      $defs: {
        Tree: {
          type: 'object',
          properties: { kids: { type: 'array', items: { $ref: '#/$defs/Tree' } } },
        },
      },
    }
    expect(convert(schema)).toEqual(schema)
  })
})

test('Where a name must start with a letter, others get a prefix, and the client its own name back', () => {
  const names = createToolNames(['3d_render', '_tmp', '9p.mount'], {
    maxLength: 64,
    illegal: /[^a-zA-Z0-9_-]/g,
    first: /[a-zA-Z]/,
  })
  for (const name of ['3d_render', '_tmp', '9p.mount']) {
    const upstream = names.toUpstream(name)
    expect(upstream).toMatch(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/)
    expect(names.toClient.get(upstream)).toBe(name)
  }
})
