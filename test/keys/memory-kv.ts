/** KV in memory, with what tests ask of it. */
import type { KeyValue, PutOptions } from '../../src/platform/key-value.ts'

export interface MemoryKv extends KeyValue {
  entries: Map<string, { value: string; options: PutOptions }>
  /** The keys that were read, and with which `cacheTtl`. */
  reads: { key: string; cacheTtl: number | undefined }[]
}

/** `pageSize` as in KV's `list`, small to make pages. */
export function createMemoryKv({ pageSize = 1000 } = {}): MemoryKv {
  const entries: MemoryKv['entries'] = new Map()
  const reads: MemoryKv['reads'] = []
  return {
    entries,
    reads,
    get: async (key, options) => {
      reads.push({ key, cacheTtl: options?.cacheTtl })
      return entries.get(key)?.value ?? null
    },
    put: async (key, value, options = {}) => {
      entries.set(key, { value, options })
    },
    list: async ({ prefix, cursor = '0' }) => {
      const names = [...entries.keys()].filter((name) => name.startsWith(prefix)).sort()
      const from = Number(cursor)
      const keys = names
        .slice(from, from + pageSize)
        .map((name) => ({ name, metadata: entries.get(name)?.options.metadata }))
      return from + pageSize < names.length
        ? { keys, list_complete: false, cursor: String(from + pageSize) }
        : { keys, list_complete: true }
    },
  }
}
