import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createReport } from '../../../src/anthropic/report.ts'
import { toGeminiSchema } from '../../../src/dialects/gemini/request/schema.ts'

function convert(schema: Record<string, unknown>) {
  return toGeminiSchema(schema, 's', createReport())
}

const allowed = new Set([
  'type',
  'format',
  'title',
  'description',
  'nullable',
  'enum',
  'minItems',
  'maxItems',
  'properties',
  'required',
  'minProperties',
  'maxProperties',
  'minLength',
  'maxLength',
  'pattern',
  'anyOf',
  'items',
  'minimum',
  'maximum',
])

/** Keywords that no `Schema` has, and unions that are not alone. */
function faults(schema: unknown, path = ''): string[] {
  const { properties = {}, anyOf, items, ...rest } = schema as Record<string, never>
  const own = Object.keys(rest).filter((key) => !allowed.has(key))
  const inner: [string, unknown][] = [
    ...Object.entries(properties),
    ...Object.entries(anyOf ?? {}),
    ...(items === undefined ? [] : [['items', items] as [string, unknown]]),
  ]
  return [
    ...own.map((key) => `${path}.${key}`),
    ...(anyOf !== undefined && Object.keys(schema as object).length > 1 ? [`${path} anyOf`] : []),
    ...(anyOf === undefined && rest['type'] === undefined ? [`${path} type`] : []),
    ...(rest['type'] === 'ARRAY' && items === undefined ? [`${path} items`] : []),
    ...inner.flatMap(([name, value]) => faults(value, `${path}.${name}`)),
  ]
}

describe('a JSON schema for Gemini', () => {
  test.each([
    [{ type: ['string', 'null'] }, { type: 'STRING', nullable: true }],
    [{ type: ['integer', 'number'] }, { type: 'NUMBER' }],
    [{ const: 'a' }, { type: 'STRING', format: 'enum', enum: ['a'] }],
    [{ const: 3 }, { type: 'INTEGER', description: '(enum [3])' }],
    [{ enum: ['a', null] }, { type: 'STRING', format: 'enum', enum: ['a'], nullable: true }],
    [{ type: 'null' }, { type: 'STRING', nullable: true }],
    [{ minimum: 1 }, { type: 'NUMBER', minimum: 1 }],
    [
      { type: 'string', description: 'A link.', format: 'uri' },
      { type: 'STRING', description: 'A link. (format uri)' },
    ],
    [
      {
        type: 'object',
        properties: { a: true },
        required: ['a', 'b'],
        additionalProperties: false,
      },
      { type: 'OBJECT', properties: { a: { type: 'STRING' } }, required: ['a'] },
    ],
    [
      // Dropbox's `move`: more than one type beside the keywords of one.
      { type: 'array', items: { type: ['null', 'object'], properties: { p: { type: 'string' } } } },
      {
        type: 'ARRAY',
        items: { type: 'OBJECT', properties: { p: { type: 'STRING' } }, nullable: true },
      },
    ],
    [
      { type: 'object', properties: {}, anyOf: [{ properties: { a: { type: 'string' } } }] },
      { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
    ],
  ])('a JSON schema for Gemini is converted: %j', (schema, converted) => {
    expect(convert(schema)).toEqual(converted)
  })

  test('a JSON schema for Gemini keeps the names of its properties', () => {
    const names = ['format', 'pattern', 'properties', '$ref', 'const', 'enum', 'allOf', '__proto__']
    const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]))
    const { properties: converted } = convert({ type: 'object', properties, required: names })
    expect(Object.keys(converted as object)).toEqual(names)
  })

  test('a JSON schema for Gemini reports a constraint that is too long to describe as dropped', () => {
    const report = createReport()
    toGeminiSchema({ type: 'object', patternProperties: { x: 'y'.repeat(500) } }, 's', report)
    expect(report.adaptations).toEqual([{ field: 's.patternProperties', action: 'drop' }])
  })

  test('a JSON schema for Gemini has only keywords that Gemini supports, whatever it had', () => {
    const { schema } = fc.letrec((tie) => ({
      schema: fc.oneof(
        { depthSize: 'small', withCrossShrink: true, maxDepth: 4 },
        fc.constantFrom<object>({}, { type: 'string', format: 'uri' }, { const: 1 }, { not: {} }),
        fc.record(
          {
            type: fc.constantFrom<unknown>(
              'object',
              'array',
              'string',
              ['object', 'null'],
              ['string', 'number'],
            ),
            properties: fc.dictionary(fc.string(), tie('schema')),
            required: fc.array(fc.string()),
            items: fc.oneof(tie('schema'), fc.array(tie('schema'))),
            anyOf: fc.array(tie('schema')),
            oneOf: fc.array(tie('schema')),
            allOf: fc.array(tie('schema')),
            enum: fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null))),
            additionalProperties: tie('schema'),
            description: fc.string(),
          },
          { requiredKeys: [] },
        ),
      ),
    }))
    fc.assert(
      fc.property(schema, (value) => {
        expect(faults(convert(value as Record<string, unknown>))).toEqual([])
      }),
    )
  })
})
