/** The Worker: real dependencies in, app out. */
import { dialects } from './dialects/index.ts'
import { createApp } from './http/app.ts'
import { presets } from './providers/index.ts'

export { CatalogWriter } from './catalog/versions/catalog-writer.ts'
export { Sessions } from './identity/sessions-object.ts'
export { SignIn } from './identity/sign-in-object.ts'
export { Ledger } from './ledger/ledger-object.ts'
export { LiveLog } from './live-log/live-log-object.ts'
export { OwnerIndex } from './store/owner-index-object.ts'

export default createApp(
  {
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
    newId: (prefix) => prefix + crypto.randomUUID().replaceAll('-', ''),
    // Workers Logs parses a line of JSON by itself.
    writeLog: (line) => console.log(JSON.stringify(line)),
  },
  { dialects, presets },
)
