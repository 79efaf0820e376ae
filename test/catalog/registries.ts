/** Vendors and protocols that only tests know. */
import * as z from 'zod/mini'

import type { Registries } from '../../src/catalog/registries.ts'
import type { Catalog } from '../../src/catalog/schema/catalog.ts'
import { defineDialect } from '../../src/dialects/define-dialect.ts'
import type { PassThrough } from '../../src/dialects/pass-through.ts'
import type { ModelRule, Preset } from '../../src/providers/preset.ts'

const unused = (): never => {
  throw new Error('no test speaks to an upstream')
}

/** A dialect with two quirks. */
export const dialectOf = (name: string) =>
  defineDialect<{ field: string; deep: { on: boolean } }>({
    name,
    quirksSchema: z.strictObject({
      field: z.exactOptional(z.string()),
      deep: z.exactOptional(z.strictObject({ on: z.boolean() })),
    }),
    defaultQuirks: { field: '', deep: { on: false } },
    translation: unused,
  })

export const chat = dialectOf('chat')

export const native: PassThrough = {
  kind: 'pass-through',
  name: 'native',
  quirksSchema: z.strictObject({}),
  load: unused,
}

export const answersHere = async (): Promise<Response> => new Response('here')

/** A preset of which only what a test is about needs saying. */
export function presetOf(changes: Partial<Preset> & Pick<Preset, 'name' | 'dialect'>): Preset {
  return {
    docs: 'https://docs.example',
    genAiProvider: changes.name,
    baseUrl: undefined,
    baseUrlExample: undefined,
    auth: 'none',
    secret: null,
    headers: {},
    hasModelList: true,
    quirks: {},
    models: [],
    aiGatewayPath: undefined,
    fetch: undefined,
    offer: undefined,
    isDemo: false,
    ...changes,
  }
}

/** A rule for models in the preset's own dialect. */
export function ruleOf(match: string, quirks: object): ModelRule {
  return { match, dialect: undefined, quirks }
}

export const registries: Registries = {
  dialects: { chat, native },
  presets: {
    vendor: presetOf({
      name: 'vendor',
      dialect: chat,
      baseUrl: 'https://vendor.example/v1',
      auth: 'api-key',
      secret: 'VENDOR_API_KEY',
      headers: { 'x-vendor': 'preset', 'x-other': 'preset' },
      quirks: { field: 'preset' },
      models: [ruleOf('big-*', { field: 'big' }), ruleOf('*-mini', { field: 'mini' })],
    }),
    original: presetOf({
      name: 'original',
      dialect: native,
      baseUrl: 'https://original.example',
      auth: 'x-api-key',
      secret: 'ORIGINAL_API_KEY',
    }),
    here: presetOf({
      name: 'here',
      dialect: chat,
      baseUrl: 'http://here.invalid',
      auth: 'none',
      secret: null,
      fetch: answersHere,
    }),
    own: presetOf({ name: 'own', dialect: chat }),
  },
}

/** A catalog with one provider and no models, and what a test adds to it. */
export function catalogOf(changes: Partial<Catalog>): Catalog {
  return { version: 1, providers: { vendor: { preset: 'vendor' } }, models: [], ...changes }
}

/** A model with one target. */
export function modelOf(id: string, model = id, changes: object = {}): Catalog['models'][number] {
  return { id, targets: [{ provider: 'vendor', model }], ...changes }
}
