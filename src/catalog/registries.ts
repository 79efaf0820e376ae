/** What the catalog may name: vendors and protocols that are built in. Given as an argument, so that tests bring their own. */
import type { Dialect } from '../dialects/dialect.ts'
import type { PassThrough } from '../dialects/pass-through.ts'
import { matchesAny } from '../platform/model-pattern.ts'
import type { Preset } from '../providers/preset.ts'
import type { CatalogProvider } from './schema.ts'

export interface Registries {
  presets: Readonly<Record<string, Preset>>
  dialects: Readonly<Record<string, Dialect | PassThrough>>
}

/** An own entry of a table; never what every object inherits. */
export function lookUp<Value>(
  table: Readonly<Record<string, Value>>,
  name: string | undefined,
): Value | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined
}

/** The preset that a provider builds on, and the dialect that it speaks. */
export function baseOf(
  { preset: presetName, dialect: dialectName }: CatalogProvider,
  { presets, dialects }: Registries,
): { preset?: Preset | undefined; dialect?: Dialect | PassThrough | undefined } {
  const preset = lookUp(presets, presetName)
  const dialect = dialectName === undefined ? preset?.dialect : lookUp(dialects, dialectName)
  return { preset, dialect }
}

/** The dialect that a provider speaks for one model: its own, unless the preset says otherwise for that model. */
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
