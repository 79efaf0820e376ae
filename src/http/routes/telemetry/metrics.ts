/** `GET /metrics`: what all ledgers have counted, for Prometheus. Loaded at the first scrape. */
import type { Context } from 'hono'
import * as z from 'zod/mini'

import { version } from '../../../../package.json'
import { parseRequest } from '../../../anthropic/request/request.ts'
import type { Config } from '../../../exchange/config.ts'
import { listGroups, readGroup } from '../../../keys/groups/store.ts'
import type { ListedKey } from '../../../keys/store.ts'
import { listKeys, showKey } from '../../../keys/store.ts'
import type { LedgerNamespace } from '../../../ledger/client.ts'
import { toGroupLedger } from '../../../ledger/ledger-name.ts'
import type { LabeledBudgets } from '../../../ledger/usage/metrics.ts'
import { toBudgetMetrics, toMetricsSpan, toUsageMetrics } from '../../../ledger/usage/metrics.ts'
import { lazySchema } from '../../../platform/lazy-schema.ts'
import { mapInParts } from '../../../platform/map-in-parts.ts'
import { metricsContentType, renderMetrics } from '../../../telemetry/prometheus.ts'
import type { AppEnv } from '../../env.ts'
import { requireLedgers } from '../admin/reports.ts'

/** The number of ledgers that are read in parallel. */
const fanOut = 50

const query = lazySchema(() =>
  z.object({
    /** Whose usage it is, as a label, and the budgets of each; by default it is summed up. */
    by: z.optional(z.enum(['key', 'group'])),
  }),
)

/** Handles a scrape. */
export async function answerMetrics(c: Context<AppEnv>, now: number): Promise<Response> {
  const ledgers = requireLedgers(c)
  const { by } = parseRequest(query, c.req.query())
  const { keys: kv } = c.get('config')
  const keys = await listKeys(kv)
  const span = toMetricsSpan(now)
  const usage = await mapInParts(keys, fanOut, async ({ id, group_id: group = '' }) => ({
    labels: by === undefined ? {} : { [by]: by === 'key' ? id : group },
    rows: await ledgers.getByName(id).usage(span),
  }))
  const info = { labels: { version }, value: 1 }
  const families = [
    { name: 'gateway_info', help: 'The version', type: 'gauge' as const, samples: [info] },
    ...toUsageMetrics(usage),
    ...(by === undefined ? [] : [toBudgetMetrics(await readBudgets(by, { kv, keys, ledgers }))]),
  ]
  return c.body(renderMetrics(families), 200, { 'content-type': metricsContentType })
}

/** The budgets of all keys that may be used, or of all groups. */
async function readBudgets(
  by: 'key' | 'group',
  { kv, keys, ledgers }: { kv: Config['keys']; keys: ListedKey[]; ledgers: LedgerNamespace },
): Promise<LabeledBudgets[]> {
  const holders =
    by === 'key'
      ? keys.filter(({ status }) => status === 'active').map(({ id }) => id)
      : (await listGroups(kv)).map(({ id }) => id)
  return mapInParts(holders, fanOut, async (id) => {
    const record = by === 'key' ? (await showKey(kv, id))?.at(-1) : await readGroup(kv, id)
    const ledger = by === 'key' ? id : toGroupLedger(id)
    const budgets =
      record === undefined ? [] : (await ledgers.getByName(ledger).standing(record.limits)).budgets
    return { labels: { [by]: id }, budgets }
  })
}
