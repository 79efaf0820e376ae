/** Whether a request's prompt and answer are recorded: off, unless the catalog and then a key, group or model say so. */
import type { Catalog } from '../../catalog/schema/catalog.ts'
import type { CatalogModel } from '../../catalog/schema/model.ts'

/** The values of `record` in the catalog and at keys. */
export const recordModes = ['none', 'errors', 'all'] as const

/** A choice of the requests that are recorded. */
export type RecordMode = (typeof recordModes)[number]

interface Holder {
  metadata: Readonly<Record<string, string>>
}

/**
 * The mode of a request: that of the key (`metadata.record`), else of its group, else of the model. `none` without the
 * catalog's `recording`, so that no one else can switch it on.
 */
export function toRecordMode(
  { recording }: Pick<Catalog, 'recording'>,
  { key, group, model }: { key: Holder; group: Holder | undefined; model: CatalogModel },
): RecordMode {
  if (recording === undefined) {
    return 'none'
  }
  const mode = key.metadata['record'] ?? group?.metadata['record'] ?? model.record
  // A misspelled mode records nothing.
  return recordModes.find((known) => known === mode) ?? 'none'
}
