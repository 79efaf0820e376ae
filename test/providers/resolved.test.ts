import { expect, test } from 'vitest'

import { presets } from '../../src/providers/index.ts'
import type { Preset } from '../../src/providers/preset.ts'

/** A preset as JSON: dialects by name, the in-process server as a flag. */
function toJson(preset: Preset): object {
  const {
    dialect,
    models,
    fetch,
    hasModelList,
    name,
    baseUrl,
    auth,
    secret,
    quirks,
    aiGatewayPath,
  } = preset
  return {
    name,
    baseUrl,
    auth,
    secret,
    aiGatewayPath,
    ...(Object.keys(quirks).length === 0 ? {} : { quirks }),
    lists: hasModelList,
    answersInProcess: fetch !== undefined,
    dialect: dialect.name,
    models: models.map((rule) => ({
      match: rule.match,
      dialect: (rule.dialect ?? dialect).name,
      quirks: rule.quirks,
    })),
  }
}

function sortKeys(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
}

test('every preset resolves to its golden URL, secret, quirks and model rules', async () => {
  const all = Object.fromEntries(
    Object.entries(presets).map(([name, preset]) => [name, toJson(preset)]),
  )
  await expect(`${JSON.stringify(all, sortKeys, 2)}\n`).toMatchFileSnapshot('golden/presets.json')
})
