/** What the routes of files and batches share. */
import type { Context } from 'hono'

import { GatewayError, invalidRequest } from '../../anthropic/error.ts'
import type { Services } from '../../exchange/request/services.ts'
import type { AppEnv } from '../env.ts'
import type { Configure } from '../middleware/configure.ts'
import type { GetCatalog } from './catalog.ts'

/** The dependencies of the routes of files and batches. */
export interface StoredRoutes {
  services: Services
  configure: Configure
  getCatalog: GetCatalog
}

/**
 * The body of an upload, not read. Throws a GatewayError `too_large` for one that declares more than `bytes` and what
 * is `around` them, and `invalid_request` where there is none for `field`.
 */
export function requireBody(
  c: Context<AppEnv>,
  field: string,
  { of, bytes, around = 0 }: { of: string; bytes: number; around?: number },
): ReadableStream<Uint8Array> {
  const { body, headers } = c.req.raw
  if (Number(headers.get('content-length') ?? 0) > bytes + around) {
    const reason = `${of} has at most ${bytes} bytes`
    throw new GatewayError({ kind: 'too_large', reason })
  }
  if (body === null) {
    throw invalidRequest(`${field}: Field required`)
  }
  return body
}
