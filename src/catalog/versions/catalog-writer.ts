/** The Durable Object that writes the catalog: one for a gateway, since KV would let two authors undo each other. */
import { DurableObject } from 'cloudflare:workers'

import type { CatalogPush, PushResult } from './versions.ts'

/** The Durable Object through which every change of the catalog is written, one after the other. */
export class CatalogWriterObject extends DurableObject<Env> {
  /** Pushes one after the other. */
  push(push: CatalogPush): Promise<PushResult> {
    return this.ctx.blockConcurrencyWhile(async () => {
      const { pushCatalog } = await import('./versions.ts')
      return pushCatalog(this.env.CATALOG, push, new Date())
    })
  }
}
