/** The bindings that files and batches need, all of them optional for the gateway. */
import { GatewayError } from '../anthropic/error.ts'
import { asBinding } from '../platform/binding.ts'
import type { ObjectStore } from './object-store.ts'
import { openStore } from './open-store.ts'
import type { OwnerIndexObject } from './owner-index-object.ts'

/** The namespace of the Durable Objects of owners' indexes. */
export type OwnerNamespace = Pick<DurableObjectNamespace<OwnerIndexObject>, 'getByName'>

/** Reads bindings and secrets by name. */
export interface Environment {
  binding: (name: string) => unknown
  secret: (name: string) => string | undefined
}

/** The storage of files and batches. */
export interface Storage {
  objects: ObjectStore
  owners: OwnerNamespace
}

/**
 * Opens the storage. Throws a GatewayError `not_found` that names the binding that is missing; `feature` begins
 * its sentence.
 */
export async function openStorage(
  { binding, secret }: Environment,
  feature: string,
): Promise<Storage> {
  const env = { STORE: binding('STORE'), STORAGE_KEY: secret('STORAGE_KEY') }
  const objects = await openStore(env)
  if (objects === undefined) {
    throw toMissing(feature, 'the R2 binding STORE')
  }
  const owners = asBinding<OwnerNamespace>(binding('OWNER_INDEX'), 'getByName')
  if (owners === undefined) {
    throw toMissing(feature, 'the Durable Object binding OWNER_INDEX')
  }
  return { objects, owners }
}

/** The failure where a binding is missing. */
export function toMissing(feature: string, what: string): GatewayError {
  const message = `${feature} are not available on this gateway: ${what} is missing (docs/guides/batches-and-files.md).`
  return new GatewayError({ kind: 'not_found', message })
}
