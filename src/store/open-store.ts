/** Opens the object store of an environment. */
import { ObjectCipher } from './object-cipher.ts'
import type { Bucket } from './object-store.ts'
import { ObjectStore } from './object-store.ts'

/**
 * Opens the bucket of the binding STORE, with encryption if the secret STORAGE_KEY is set; undefined without
 * the binding.
 */
export async function openStore(env: object): Promise<ObjectStore | undefined> {
  const { STORE: bucket, STORAGE_KEY: secret }: { STORE?: unknown; STORAGE_KEY?: unknown } = env
  if (!isBucket(bucket)) {
    return undefined
  }
  const isSecret = typeof secret === 'string' && secret !== ''
  return new ObjectStore(bucket, isSecret ? await ObjectCipher.of(secret) : undefined)
}

function isBucket(value: unknown): value is Bucket {
  return typeof value === 'object' && value !== null && 'createMultipartUpload' in value
}
