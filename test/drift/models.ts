/** What models.dev lists and no rule of a preset matches. */
import { isChatModel } from '../../src/cli/catalog/model-facts.ts'
import type { ModelsDev } from '../../src/cli/catalog/models-dev.ts'
import { findDevProvider, readDevModels } from '../../src/cli/catalog/models-dev.ts'
import { matchesAny } from '../../src/platform/model-pattern.ts'
import type { Preset } from '../../src/providers/preset.ts'

export interface UnmatchedModels {
  preset: string
  models: string[]
}

/**
 * The models of each preset with rules that none of them matches, released since a date (ISO 8601): they
 * get the preset's own quirks, which is right for some and is to be looked at.
 */
export function findUnmatched(
  presets: Readonly<Record<string, Preset>>,
  providers: ModelsDev,
  since: string,
): UnmatchedModels[] {
  return Object.values(presets).flatMap((preset) => {
    const patterns = preset.models.map(({ match }) => match)
    const name = patterns.length === 0 ? undefined : findProvider(preset, providers)
    if (name === undefined) {
      return []
    }
    const models = readDevModels(providers, name)
      .filter((facts) => isChatModel(facts) && (facts.createdAt ?? '') >= since)
      .map(({ model }) => model)
      .filter((model) => !matchesAny(patterns, model))
    return models.length === 0 ? [] : [{ preset: preset.name, models }]
  })
}

function findProvider(preset: Preset, providers: ModelsDev): string | undefined {
  return findDevProvider(providers, {
    names: [preset.name, preset.name.replace(/-[a-z]+$/, '')],
    baseUrl: preset.baseUrl ?? preset.baseUrlExample ?? '',
    secrets: preset.secret === null ? [] : [preset.secret],
  })
}
