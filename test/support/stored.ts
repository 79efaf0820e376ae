/** The harness with the storage of files and batches, and the official SDK on top of it. */
import Anthropic from '@anthropic-ai/sdk'
import { env } from 'cloudflare:test'

import type { Harness, HarnessOptions } from './app.ts'
import { createHarness, key } from './app.ts'

export const storage: { STORE: R2Bucket } & Pick<Env, 'OWNER_INDEX' | 'BATCH'> = {
  STORE: Reflect.get(env, 'STORE'),
  OWNER_INDEX: env.OWNER_INDEX,
  BATCH: env.BATCH,
}

export type StoredHarness = Harness & {
  sdk: Anthropic
  /** The id of the key. */
  owner: string
}

/** Each harness has an owner of its own, unless the options name one. */
export async function createStored({
  owner = crypto.randomUUID(),
  record,
  vars,
  ...options
}: HarnessOptions & { owner?: string } = {}): Promise<StoredHarness> {
  const harness = await createHarness({
    // What is stored is found by its id, across harnesses.
    newId: (prefix) => prefix + crypto.randomUUID().replaceAll('-', ''),
    ...options,
    record: { id: owner, ...record },
    vars: { ...storage, LEDGER: env.LEDGER, ...vars },
  })
  const sdk = new Anthropic({
    apiKey: key,
    baseURL: 'http://gateway.test',
    maxRetries: 0,
    fetch: async (url, init) => {
      const { pathname, search } = new URL(new Request(url).url)
      return harness.request(pathname + search, init ?? {})
    },
  })
  return { ...harness, sdk, owner }
}
