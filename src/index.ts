import { dialects } from './dialects/index.ts'
/** The Worker: real dependencies in, app out. */
import { createApp } from './http/app.ts'
import { printLine } from './http/middleware/log.ts'
import { presets } from './providers/index.ts'

export { Ledger } from './ledger/ledger-object.ts'

export default createApp(
  {
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
    newId: (prefix) => prefix + crypto.randomUUID().replaceAll('-', ''),
    writeLog: printLine,
  },
  { dialects, presets },
)
