/** What the Admin API needs, and how it is called. Types only. */
import type { Context } from 'hono'

import type { Registries } from '../../../catalog/registries.ts'
import type { Services } from '../../../exchange/request/services.ts'
import type { KeyRecord } from '../../../keys/record.ts'
import type { AppEnv } from '../../env.ts'
import type { Configure } from '../../middleware/configure.ts'
import type { GetCatalog } from '../catalog.ts'
import type { OuterContext } from '../lazy-app.ts'

/** Answers one operation. */
export type AdminHandler = (c: Context<AppEnv>) => Promise<Response>

/** What the Admin API needs of the isolate. */
export interface AdminTools {
  services: Pick<Services, 'fetch' | 'now' | 'cooldowns' | 'resolve'>
  registries: Registries
  configure: Configure
  getCatalog: GetCatalog
}

/** What the Admin API needs of the context of a request. */
export type AdminContext = OuterContext & Parameters<Configure>[0]

/** Answers a request to the Admin API in the context of `c`; `key` is that of a session. Throws its errors. */
export type AdminApi = (c: AdminContext, request: Request, key?: KeyRecord) => Promise<Response>
