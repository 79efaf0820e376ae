/** The types of the console's app: those of the gateway's, and the session. */
import type { Registries } from '../../catalog/registries.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import type { Session } from '../../identity/session.ts'
import type { ConsoleSessions } from '../../identity/sessions.ts'
import type { AppEnv } from '../env.ts'
import type { Api } from './api.ts'

/** The variables of a request to the console. */
export interface ConsoleEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    /** Undefined where the binding is missing. */
    sessions: ConsoleSessions | undefined
    session: Session
    /** The catalog that is served. */
    getCatalog: () => Promise<Catalog>
    /** What the catalog's names of presets and dialects refer to. */
    registries: Registries
    /** The Admin API. */
    api: Api
    batches: Api
    files: Api
  }
}
