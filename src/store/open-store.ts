/** Opens the object store of an environment. */
import { asBinding } from '../platform/binding.ts'
import { ObjectCipher } from './object-cipher.ts'
import type { Bucket } from './object-store.ts'
import { ObjectStore } from './object-store.ts'

/**
 * Opens the bucket of the binding STORE, with encryption if the secret STORAGE_KEY is set; undefined without
 * the binding.
 */
export async function openStore(env: object): Promise<ObjectStore | undefined> {
  const { STORE, STORAGE_KEY: secret }: { STORE?: unknown; STORAGE_KEY?: unknown } = env
  const bucket = asBinding<Bucket>(STORE, 'createMultipartUpload')
  if (bucket === undefined) {
    return undefined
  }
  const isSecret = typeof secret === 'string' && secret !== ''
  return new ObjectStore(bucket, isSecret ? await ObjectCipher.of(secret) : undefined)
}
