import type { Context } from 'hono'

import type { AdmissionRequest } from '../../exchange/metering/admit.ts'
import { admit } from '../../exchange/metering/admit.ts'
import { needsLedger } from '../../keys/limits.ts'
import type { AppEnv } from '../env.ts'

/**
 * Admits a request by the key that sent it; throws what {@link admit} throws. From here on the exchange is
 * kept alive until it is recorded: a client that disconnects must not leave its reservation behind.
 */
export function admitRequest(
  c: Context<AppEnv>,
  request: Omit<AdmissionRequest, 'key' | 'headers'>,
): Promise<void> {
  const [key, exchange] = [c.get('key'), c.get('exchange')]
  if (needsLedger(key.limits)) {
    c.executionCtx.waitUntil(exchange.over)
  }
  const { headers } = c.req.raw
  return admit(exchange, { ...request, key, headers }, c.get('config').ledgers)
}
