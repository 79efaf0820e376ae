/** `POST /v1/organizations/alerts/test`: sends a test alert to each receiver, and returns how each delivery went. */
import type { Context } from 'hono'

import type { SentAlert } from '../../../alerts/alert.ts'
import type { DeliveryTools } from '../../../alerts/deliver.ts'
import { deliver } from '../../../alerts/deliver.ts'
import type { AppEnv } from '../../env.ts'

/** Handles a request for a test alert. */
export async function answerTestAlert(
  c: Context<AppEnv>,
  { fetch, now }: Pick<DeliveryTools, 'fetch' | 'now'>,
): Promise<Response> {
  const config = c.get('config')
  const { catalog } = await c.get('readCatalog')()
  const alert: SentAlert = {
    id: `alert_${crypto.randomUUID()}`,
    kind: 'test',
    at: now(),
    message: `This is a test alert, sent by key ${c.get('key').id}.`,
    data: { requested_by: c.get('key').id },
  }
  const sinks = catalog.alerts ?? []
  const tools = { fetch, now, secret: config.secret }
  const reasons = await Promise.all(sinks.map((sink) => deliver(alert, sink, tools)))
  const data = sinks.map(({ url_secret, format = 'generic', on }, index) => ({
    url_secret,
    format,
    on: on ?? null,
    delivered: reasons[index] === undefined,
    error: reasons[index] ?? null,
  }))
  return c.json({ id: alert.id, data })
}
