/**
 * The catalog's JSON schema, for editors: from the zod schemas that the Worker validates with, the doc
 * comments at their fields, and the names of presets and dialects.
 */
import * as z from 'zod/mini'

import { catalogSchema } from '../../catalog/schema/catalog.ts'
import { dialects } from '../../dialects/index.ts'
import { presets } from '../../providers/index.ts'
import type { FieldDoc } from './doc-comments.ts'

/** A JSON schema as zod writes it. */
export type JsonSchema = z.core.JSONSchema.BaseSchema

/** Generates the schema; `docs` is the result of {@link readFieldDocs}. */
export function toCatalogSchema(docs: readonly (readonly FieldDoc[])[]): JsonSchema {
  const schema = toJsonSchema(catalogSchema)
  const definitions = Object.fromEntries(
    Object.values(dialects).map(({ name, quirksSchema }) => [
      quirksOf(name),
      toJsonSchema(quirksSchema),
    ]),
  )
  const { providers, models } = schema.properties ?? {}
  completeProvider(asSchema(asSchema(providers).additionalProperties))
  completeTarget(asSchema(asSchema(asSchema(models).items).properties?.['targets']))
  const all = { title: 'messages-gateway catalog', ...schema, definitions }
  describe(all, docs)
  return all
}

/** Converts a zod schema to JSON Schema draft 7, without `$schema`. */
export function toJsonSchema(schema: z.ZodMiniType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7' })
  return rest
}

function quirksOf(dialect: string): string {
  return `quirks of ${dialect}`
}

function refTo(dialect: string): JsonSchema {
  return { $ref: `#/definitions/${quirksOf(dialect)}` }
}

/** Adds the names of presets and dialects, and the quirks of the provider's dialect. */
function completeProvider(provider: JsonSchema): void {
  const properties = provider.properties ?? {}
  Object.assign(asSchema(properties['preset']), { enum: Object.keys(presets).sort() })
  Object.assign(asSchema(properties['dialect']), { enum: Object.keys(dialects) })
  provider.anyOf = [{ required: ['preset'] }, { required: ['dialect'] }]
  provider.allOf = Object.keys(dialects).map((dialect) => {
    const speaking = Object.values(presets).filter((preset) => preset.dialect.name === dialect)
    return {
      if: {
        anyOf: [
          { properties: { dialect: { const: dialect } }, required: ['dialect'] },
          {
            properties: { preset: { enum: speaking.map(({ name }) => name) } },
            required: ['preset'],
            not: { required: ['dialect'] },
          },
        ],
      },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON schema
      then: { properties: { quirks: refTo(dialect) } },
    }
  })
}

/** Adds the quirks of any dialect to targets, since a schema cannot refer to their provider's. */
function completeTarget(targets: JsonSchema): void {
  const { properties = {} } = asSchema(targets.items)
  properties['quirks'] = { anyOf: Object.keys(dialects).map(refTo) }
}

/** Describes the fields of each object schema whose fields are those of a documented object. */
function describe(schema: unknown, docs: readonly (readonly FieldDoc[])[]): void {
  if (!isSchema(schema)) {
    return
  }
  const { properties } = schema
  const fields = properties && findFields(docs, properties)
  for (const { name, description } of fields ?? []) {
    const field = asSchema(properties?.[name])
    if (description !== '') {
      field.description = description
    }
  }
  Object.values(schema).forEach((value) => describe(value, docs))
}

/** Finds the documented object with exactly these fields. */
export function findFields(
  docs: readonly (readonly FieldDoc[])[],
  properties: object,
): readonly FieldDoc[] | undefined {
  const names = Object.keys(properties)
  return docs.find(
    (fields) =>
      fields.length === names.length && fields.every(({ name }) => Object.hasOwn(properties, name)),
  )
}

function asSchema(value: unknown): JsonSchema {
  if (isSchema(value)) {
    return value
  }
  throw new Error('the catalog has another shape than its JSON schema expects')
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null
}
