/** Keeps the account of a request: the headers of its key's limits, and its end to the ledger. */
import type { Context, MiddlewareHandler } from 'hono'

import type { Account } from '../../exchange/metering/account.ts'
import { toSettlement } from '../../exchange/metering/charge.ts'
import { writeDataPoint } from '../../exchange/metering/data-point.ts'
import { needsLedger } from '../../keys/limits.ts'
import type { LedgerNamespace, Settlement } from '../../ledger/client.ts'
import { sendSettlement } from '../../ledger/client.ts'
import { toLimitHeaders } from '../../ledger/limit-headers.ts'
import type { AppEnv, Dependencies } from '../env.ts'
import { whenOver } from './log.ts'

type Tools = Pick<Dependencies, 'now' | 'writeLog'>

/** Routes admit the request themselves, once they know its model; the rest happens here. */
export function account(tools: Tools): MiddlewareHandler<AppEnv> {
  return async function keepAccount(c, next) {
    const kept: Account = { startedAt: tools.now() }
    c.set('account', kept)
    const work = next().then(() => close(c, kept, tools))
    if (needsLedger(c.get('key').limits)) {
      // A client that leaves must not leave its reservation behind.
      c.executionCtx.waitUntil(work)
    }
    await work
  }
}

function close(c: Context<AppEnv>, kept: Account, tools: Tools): void {
  const { ledgers, dataPoints } = c.get('config')
  addHeaders(c, kept)
  if (ledgers !== undefined || dataPoints !== undefined) {
    // In the turn in which the answer ends, so that the client's next request finds it settled.
    whenOver(c, () => book(c, kept, tools))
  }
}

function addHeaders(c: Context<AppEnv>, { verdict }: Account): void {
  if (c.get('log').ledger !== undefined) {
    c.res.headers.set('gateway-ledger', 'unavailable')
  }
  if (verdict === undefined || verdict.refusal !== undefined) {
    return
  }
  // The upstream's own are of the operator's account, not of this key.
  const names = [...c.res.headers.keys()].filter((name) => name.startsWith('anthropic-ratelimit-'))
  for (const name of names) {
    c.res.headers.delete(name)
  }
  for (const [name, value] of Object.entries(toLimitHeaders(verdict))) {
    c.res.headers.set(name, value)
  }
}

/** Says what was used, to all who want to know. Nobody waits for it. */
function book(c: Context<AppEnv>, kept: Account, { now, writeLog }: Tools): void {
  const { asked, verdict, startedAt } = kept
  const { ledgers, dataPoints } = c.get('config')
  const { id: keyId } = c.get('key')
  // Counts cost nothing: only what was reserved for them must be given back.
  if (asked === undefined || (asked.kind === 'count_tokens' && verdict === undefined)) {
    return
  }
  const outcome = toSettlement({
    id: c.get('requestId'),
    key: c.get('key'),
    headers: c.req.raw.headers,
    account: kept,
    asked,
    line: c.get('log'),
    status: c.res.status,
  })
  if (dataPoints !== undefined && asked.kind === 'messages') {
    const charge = 'used' in outcome ? outcome.used : outcome.unused
    writeDataPoint(dataPoints, charge, { keyId, ms: now() - startedAt })
  }
  if (ledgers !== undefined) {
    // What was reserved goes back at once; for all else the answer goes first.
    const turn = verdict === undefined ? nextTurn() : Promise.resolve()
    c.executionCtx.waitUntil(turn.then(() => tell(c, ledgers, { outcome, writeLog })))
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

async function tell(
  c: Context<AppEnv>,
  ledgers: LedgerNamespace,
  { outcome, writeLog }: { outcome: Settlement; writeLog: Tools['writeLog'] },
): Promise<void> {
  const { id: keyId } = c.get('key')
  const unbooked = await sendSettlement(ledgers, keyId, outcome)
  if (unbooked !== undefined) {
    writeLog({ level: 'error', requestId: c.get('requestId'), keyId, unbooked })
  }
}
