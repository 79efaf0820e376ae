import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createReport } from '../../../../src/anthropic/report.ts'
import { inlineReferences } from '../../../../src/dialects/shared/schema/inline-references.ts'

function inline(schema: Record<string, unknown>) {
  const report = createReport()
  return { schema: inlineReferences(schema, 's', report), adaptations: report.adaptations }
}

describe('references in a schema', () => {
  test('references in a schema are replaced by their definitions, wherever those are', () => {
    const schema = {
      properties: {
        headers: { type: 'object' },
        'a/b': { $ref: '#/properties/headers', description: 'Others.' },
        list: { items: { $ref: '#/$defs/odd~1name%20x' } },
        same: { anyOf: [{ $ref: '#/definitions/D' }] },
      },
      $defs: { 'odd/name x': { type: 'string' } },
      definitions: { D: { $ref: '#/$defs/odd~1name%20x' } },
    }
    expect(inline(schema)).toEqual({
      schema: {
        properties: {
          headers: { type: 'object' },
          'a/b': { type: 'object', description: 'Others.' },
          list: { items: { type: 'string' } },
          same: { anyOf: [{ type: 'string' }] },
        },
      },
      adaptations: [],
    })
  })

  test('references in a schema are not confused with properties named $ref', () => {
    const schema = { properties: { $ref: { type: 'string' }, $defs: { type: 'object' } } }
    expect(inline(schema).schema).toEqual(schema)
  })

  test('recursive references in a schema end in an object', () => {
    const schema = { $defs: { N: { properties: { n: { $ref: '#/$defs/N' } } } }, $ref: '#/$defs/N' }
    expect(inline(schema)).toEqual({
      schema: { properties: { n: { type: 'object', description: 'Nested as in #/$defs/N.' } } },
      adaptations: [{ field: 's.properties.n.$ref', action: 'map', value: 'object' }],
    })
  })

  test('references in a schema that are external or dangling are dropped and reported', () => {
    const properties = {
      away: { $ref: 'https://example.com/x.json', description: 'Away.' },
      nowhere: { $ref: '#/$defs/x' },
      proto: { $ref: '#/__proto__/constructor' },
    }
    expect(inline({ properties })).toEqual({
      schema: { properties: { away: { description: 'Away.' }, nowhere: {}, proto: {} } },
      adaptations: ['away', 'nowhere', 'proto'].map((name) => ({
        field: `s.properties.${name}.$ref`,
        action: 'drop',
      })),
    })
  })

  test('references in a schema that expand exponentially are bounded', () => {
    const twice = (name: string) => ({
      properties: { a: { $ref: `#/$defs/${name}` }, b: { $ref: `#/$defs/${name}` } },
    })
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`n${index}`, twice(`n${index + 1}`)]),
    )
    const text = JSON.stringify(inline({ $ref: '#/$defs/n0', $defs }).schema)
    expect(text.length).toBeLessThan(200_000)
  })

  test('references in a schema are all removed, whatever the schema', () => {
    const leaf = fc.constantFrom({ type: 'string' }, { $ref: '#/$defs/A' }, { $ref: '#/$defs/B' })
    const schema = fc.record({
      $ref: fc.constantFrom('#/$defs/A', '#/$defs/B', '#/$defs/C'),
      $defs: fc.dictionary(
        fc.constantFrom('A', 'B'),
        fc.record({ properties: fc.dictionary(fc.string(), leaf), items: leaf }),
      ),
    })
    fc.assert(
      fc.property(schema, (value) => {
        expect(JSON.stringify(inline(value).schema)).not.toContain('"$ref":"#')
      }),
    )
  })
})
