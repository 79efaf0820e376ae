import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { describe, expect, test } from 'vitest'

import { dialects } from '../../../src/dialects/index.ts'
import { presets } from '../../../src/providers/index.ts'

const root = resolve(import.meta.dirname, '../../..')

interface Schema {
  properties?: Record<string, Schema>
  definitions?: Record<string, Schema>
  description?: string
  enum?: string[]
  [keyword: string]: unknown
}

const schema: Schema = JSON.parse(
  readFileSync(resolve(root, 'docs/reference/catalog.schema.json'), 'utf8'),
)

/** Names of properties without a description; conditions describe nothing. */
function findUndocumented(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) {
    return []
  }
  const { properties = {}, allOf: _, ...rest } = value as Schema
  return [
    ...Object.keys(properties).filter((name) => properties[name]?.description === undefined),
    ...[...Object.values(properties), ...Object.values(rest)].flatMap(findUndocumented),
  ]
}

describe('the JSON schema of the catalog', () => {
  const providers = schema.properties?.['providers']
  const provider = providers?.['additionalProperties'] as Schema

  test('the JSON schema of the catalog completes the names of presets and dialects', () => {
    expect(provider.properties?.['preset']?.enum).toEqual(Object.keys(presets).sort())
    expect(provider.properties?.['dialect']?.enum).toEqual(Object.keys(dialects))
  })

  test('the JSON schema of the catalog checks the quirks of a provider against its dialect', () => {
    const rules = JSON.stringify(provider['allOf'])
    for (const name of Object.keys(dialects)) {
      expect(rules).toContain(JSON.stringify({ $ref: `#/definitions/quirks of ${name}` }))
      expect(Object.keys(schema.definitions ?? {})).toContain(`quirks of ${name}`)
    }
  })

  test('the JSON schema of the catalog describes every field and every quirk', () => {
    expect(findUndocumented(schema)).toEqual([])
  })

  test('the JSON schema of the catalog is the $schema of the shipped catalog', () => {
    const { $schema } = JSON.parse(readFileSync(resolve(root, 'catalog.json'), 'utf8'))
    expect(resolve(root, $schema)).toBe(resolve(root, 'docs/reference/catalog.schema.json'))
  })
})
