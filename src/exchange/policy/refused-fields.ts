/** Which fields a provider's models have refused: in the memory of an isolate, bounded. */
import type { RefusedField } from './refused-field.ts'

export interface RefusedFields {
  /** Of that provider's model. */
  of: (target: string) => readonly RefusedField[]
  learn: (target: string, refused: RefusedField) => void
}

const maxTargets = 500
const maxFields = 16

/** Of one isolate. What has changed at the provider meanwhile is forgotten with it. */
export function createRefusedFields(): RefusedFields {
  const known = new Map<string, readonly RefusedField[]>()
  return {
    of: (target) => known.get(target) ?? [],
    learn(target, refused) {
      const before = known.get(target) ?? []
      known.delete(target)
      known.set(target, [...before, refused].slice(-maxFields))
      const oldest = known.keys().next().value
      if (known.size > maxTargets && oldest !== undefined) {
        known.delete(oldest)
      }
    },
  }
}
