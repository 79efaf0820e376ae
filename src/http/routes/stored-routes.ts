/** What the routes of files and batches need. Types only. */
import type { Services } from '../../exchange/request/services.ts'
import type { Configure } from '../middleware/configure.ts'
import type { GetCatalog } from './catalog.ts'

/** The dependencies of the routes of files and batches. */
export interface StoredRoutes {
  services: Services
  configure: Configure
  getCatalog: GetCatalog
}
