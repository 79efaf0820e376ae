import type { Store } from '../../../src/identity/store.ts'

/** The storage of an object in memory. Values are copied, as SQLite does. */
export function createMemoryStore(): Store {
  const entries = new Map<string, unknown>()
  return {
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the type of what is stored is the caller's
    get: <T>(key: string) => structuredClone(entries.get(key)) as T | undefined,
    put: (key, value) => void entries.set(key, structuredClone(value)),
    delete: (key: string) => entries.delete(key),
    list: <T>({ prefix = '' }: { prefix?: string } = {}) =>
      [...entries].filter(([key]) => key.startsWith(prefix)) as [string, T][],
  }
}
