/** The Worker: real dependencies in, app out. */
import { env } from 'cloudflare:workers'

import { dialects } from './dialects/index.ts'
import { createGateway } from './http/app.ts'
import type { ObjectParts } from './platform/loaded-object.ts'
import { loadedObject } from './platform/loaded-object.ts'
import { presets } from './providers/index.ts'

export { CatalogWriter, Ledger, LiveLog, OwnerIndex, Sessions, SignIn } from './durable-objects.ts'

/** What sends requests to upstreams. `npm start` binds the network itself, before which Miniflare has a Worker. */
const { LOCAL_NETWORK: network = globalThis } = env as {
  LOCAL_NETWORK?: Pick<Fetcher, 'fetch'>
} & Env

const { app, queue, batches } = createGateway(
  {
    fetch: (url, init) => network.fetch(url, init),
    now: () => Date.now(),
    newId: (prefix) => prefix + crypto.randomUUID().replaceAll('-', ''),
    // Workers Logs parses a line of JSON by itself.
    writeLog: (...lines) => console.log(lines.map((line) => JSON.stringify(line)).join('\n')),
  },
  { dialects, presets },
)

/** The Durable Object of one batch, with the services of its isolate. */
export class Batch extends loadedObject(
  async (...parts: ObjectParts) => {
    const { BatchObject } = await import('./batches/batch-object.ts')
    return new BatchObject(...parts, batches)
  },
  [
    'create',
    'state',
    'claim',
    'commit',
    'release',
    'setJobs',
    'jobs',
    'cancel',
    'results',
    'delete',
    'alarm',
  ],
) {}

export default { fetch: app.fetch, queue }
