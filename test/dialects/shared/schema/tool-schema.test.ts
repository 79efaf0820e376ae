import { describe, expect, test } from 'vitest'

import { createReport } from '../../../../src/anthropic/report.ts'
import { toMfjsSchema } from '../../../../src/dialects/shared/schema/mfjs-schema.ts'
import { repairSchema } from '../../../../src/dialects/shared/schema/tool-schema.ts'
import { createToolNames } from '../../../../src/dialects/shared/tools/tool-names.ts'

function repair(schema: Record<string, unknown>) {
  const report = createReport()
  return {
    schema: repairSchema(schema, 'tools.0.input_schema', report),
    report: report.adaptations,
  }
}

describe('repairSchema', () => {
  test('repairSchema adds items to every array, at any depth and in lists of types, without a report', () => {
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

  test('repairSchema keeps a property that is named like a keyword', () => {
    const schema = {
      type: 'object',
      properties: { not: { type: 'string' }, enum: { type: 'array', items: {} } },
    }
    expect(repair(schema).schema).toEqual(schema)
  })

  test.each(['not', 'enum', 'const'])(
    'repairSchema removes and reports %s at the root, and keeps it below',
    (keyword) => {
      const inner = { type: 'string', [keyword]: ['a'] }
      const { schema, report } = repair({ type: 'object', properties: { inner }, [keyword]: [{}] })
      expect(schema).toEqual({ type: 'object', properties: { inner } })
      expect(report).toEqual([{ field: `tools.0.input_schema.${keyword}`, action: 'drop' }])
    },
  )

  test('repairSchema turns a union at the root into properties: a differing property is a union, and one that all branches require is required', () => {
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

  test('toMfjsSchema moves a type next to anyOf into the branches without type or reference', () => {
    expect(
      convert({
        properties: { u: { type: 'string', anyOf: [{ minLength: 1 }, { type: 'null' }] } },
      }),
    ).toEqual({
      properties: { u: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'null' }] } },
    })
  })

  test('toMfjsSchema moves definitions of older drafts, and updates references', () => {
    expect(
      convert({
        properties: { a: { $ref: '#/definitions/A' } },
        definitions: { A: { type: 'string' } },
      }),
    ).toEqual({ properties: { a: { $ref: '#/$defs/A' } }, $defs: { A: { type: 'string' } } })
  })

  test('toMfjsSchema replaces a reference by its definition if it has sibling keywords or another location', () => {
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

  test('toMfjsSchema keeps a reference to a recursive definition', () => {
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

test('a tool name that must start with a letter gets a prefix, which is removed for the client', () => {
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
