/** The bindings of batches: the storage, and the namespace of their objects. */
import { asBinding } from '../platform/binding.ts'
import type { Environment, Storage } from '../store/bindings.ts'
import { openStorage, toMissing } from '../store/bindings.ts'
import type { BatchObject } from './batch-object.ts'

/** The namespace of the Durable Objects of batches, one by batch id. */
export type BatchNamespace = Pick<DurableObjectNamespace<BatchObject>, 'getByName'>

/** The storage of files and batches, with the namespace of batches. */
export interface BatchStorage extends Storage {
  batches: BatchNamespace
}

/** Opens it. Throws a GatewayError `not_found` that names the binding that is missing. */
export async function openBatches(environment: Environment): Promise<BatchStorage> {
  const feature = 'Message batches'
  const storage = await openStorage(environment, feature)
  const batches = asBinding<BatchNamespace>(environment.binding('BATCH'), 'getByName')
  if (batches === undefined) {
    throw toMissing(feature, 'the Durable Object binding BATCH')
  }
  return { ...storage, batches }
}
