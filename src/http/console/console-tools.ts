/** What the console needs of the isolate. Types only. */
import type { Registries } from '../../catalog/registries.ts'
import type { Fetch } from '../../platform/fetch.ts'
import type { Configure } from '../middleware/configure.ts'
import type { GetCatalog } from '../routes/catalog.ts'
import type { MessagesHandler } from '../routes/messages.ts'
import type { Apis } from './api.ts'

/** The console's dependencies. */
export interface ConsoleTools {
  fetch: Fetch
  /** The time in epoch milliseconds. */
  now: () => number
  /** What the catalog's names of presets and dialects refer to. */
  registries: Registries
  configure: Configure
  getCatalog: GetCatalog
  apis: Apis
  /** Handles a Messages request whose `key` and `group` are set. */
  postMessages: MessagesHandler
}
