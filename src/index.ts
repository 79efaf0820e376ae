/** The Worker: real dependencies in, app out. */
import { BatchObject } from './batches/batch-object.ts'
import { dialects } from './dialects/index.ts'
import { createGateway } from './http/app.ts'
import { presets } from './providers/index.ts'

export { CatalogWriter } from './catalog/versions/catalog-writer.ts'
export { Sessions } from './identity/sessions-object.ts'
export { SignIn } from './identity/sign-in-object.ts'
export { Ledger } from './ledger/ledger-object.ts'
export { LiveLog } from './live-log/live-log-object.ts'
export { OwnerIndex } from './store/owner-index-object.ts'

const { app, queue, batches } = createGateway(
  {
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
    newId: (prefix) => prefix + crypto.randomUUID().replaceAll('-', ''),
    // Workers Logs parses a line of JSON by itself.
    writeLog: (line) => console.log(JSON.stringify(line)),
  },
  { dialects, presets },
)

/** The Durable Object of one batch, with the services of its isolate. */
export class Batch extends BatchObject {
  protected override readonly runtime = batches
}

export default { fetch: app.fetch, queue }
