/** The built-in presets and dialects that a catalog refers to by name. Passed as an argument, so that tests bring their own. */
import type { Dialect } from '../dialects/dialect.ts'
import type { PassThrough } from '../dialects/pass-through.ts'
import { matchesAny } from '../platform/model-pattern.ts'
import type { Preset } from '../providers/preset.ts'
import type { CatalogProvider } from './schema/provider.ts'

/** The presets and dialects that a catalog can name, by name. */
export interface Registries {
  presets: Readonly<Record<string, Preset>>
  dialects: Readonly<Record<string, Dialect | PassThrough>>
}

/** Looks up an own entry of a table, never an inherited one such as `constructor`. */
export function lookUp<Value>(
  table: Readonly<Record<string, Value>>,
  name: string | undefined,
): Value | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined
}

/** The preset and the usual dialect of a provider. */
export function baseOf(
  { preset: presetName, dialect: dialectName }: CatalogProvider,
  { presets, dialects }: Registries,
): { preset?: Preset | undefined; dialect?: Dialect | PassThrough | undefined } {
  const preset = lookUp(presets, presetName)
  const dialect = dialectName === undefined ? preset?.dialect : lookUp(dialects, dialectName)
  return { preset, dialect }
}

/** A provider's dialect for one model: its usual one, unless a rule of the preset names another for that model. */
export function dialectFor(
  provider: CatalogProvider,
  model: string,
  registries: Registries,
): Dialect | PassThrough | undefined {
  const { preset, dialect } = baseOf(provider, registries)
  if (provider.dialect !== undefined) {
    return dialect
  }
  const rule = preset?.models?.findLast(
    (candidate) => candidate.dialect !== undefined && matchesAny([candidate.match], model),
  )
  return rule?.dialect ?? dialect
}
