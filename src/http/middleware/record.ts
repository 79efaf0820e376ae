/** Logs, charges and counts an exchange when it has finished. */
import { sinksFor } from '../../alerts/sink.ts'
import { toUnbookedAlert } from '../../exchange/alerts.ts'
import type { Config } from '../../exchange/config.ts'
import { refreshPath } from '../../exchange/kv-cache.ts'
import type { CachedPrompts } from '../../exchange/metering/cached-prompts.ts'
import { findImplausible } from '../../exchange/metering/plausible-usage.ts'
import { toCharge } from '../../exchange/metering/to-charge.ts'
import { toDataPoint } from '../../exchange/metering/to-data-point.ts'
import type { ExchangeRecord } from '../../exchange/record/exchange-record.ts'
import type { Exchange } from '../../exchange/record/exchange.ts'
import type { BilledUsage, HttpFacts } from '../../exchange/record/to-log-line.ts'
import { toLogLine } from '../../exchange/record/to-log-line.ts'
import type { FinishedExchange } from '../../exchange/trace/finished.ts'
import { sendAlert, sendSettlement } from '../../ledger/client.ts'
import { toGroupLedger } from '../../ledger/ledger-name.ts'
import { toLimitHeaders } from '../../ledger/limit-headers.ts'
import type { Charge } from '../../ledger/protocol.ts'
import type { LiveLogFeed } from '../../live-log/feed.ts'
import type { LineBatch, TimedLine } from '../../live-log/line-batch.ts'
import { isConsolePath } from '../console-path.ts'
import type { Dependencies } from '../env.ts'
import type { TracedRequest } from './trace.ts'
import { writeTrace } from './trace.ts'

/** An exchange that has finished. */
interface FinishedRequest {
  record: Readonly<ExchangeRecord>
  http: HttpFacts
  /** The charge; undefined if nothing was admitted. */
  charge: Charge | undefined
}

/** What recording an exchange needs of the app. */
export type Tools = Pick<Dependencies, 'fetch' | 'now' | 'writeLog'> & {
  cachedPrompts: CachedPrompts
  liveLog: LiveLogFeed
  /** The lines of `npm start` that are not written yet. */
  localLog: LineBatch
}

const quietPaths = new Set(['/', '/api/hello', '/health', refreshPath])

/** Paths that clients and scrapers request all the time. */
const frequentPaths = new Set(['/metrics', '/v1/traces', '/v1/metrics', '/v1/logs'])

/** What a record needs to know of the request besides the exchange. */
export interface Circumstances extends TracedRequest {
  method: string
  path: string
  /** The current status of the response. */
  status: () => number
  /** Undefined for a request that failed before its configuration was read. */
  config: Config | undefined
}

/**
 * Records the exchange in the event loop turn in which it finishes. To be called when the response
 * is created.
 */
export function recordExchange(around: Circumstances, exchange: Exchange, tools: Tools): void {
  exchange.whenFinished(() => {
    const { record } = exchange
    const { method, path } = around
    const status = around.status()
    const ms = tools.now() - record.startedAt
    const http = { method, path, status, ms }
    const finished = {
      record,
      http,
      charge: toCharge(record, { status, ms }),
    }
    remember(finished, tools.cachedPrompts)
    settle(finished, around, tools)
    count(finished, around)
    if (!isQuiet(http)) {
      const billed = finished.charge && toBilled(record, finished.charge)
      log({ record, http, billed }, around, tools)
      if (record.trace !== undefined) {
        writeTrace({ record, http, billed }, around, tools)
      }
    }
  })
}

/** Remembers how much of the conversation was cached, where the upstream counted it. */
function remember({ record, charge }: FinishedRequest, cachedPrompts: CachedPrompts): void {
  const conversation = record.admission?.conversation
  if (conversation !== undefined && charge?.estimated === false && charge.usage.output > 0) {
    cachedPrompts.remember(conversation, charge.usage)
  }
}

/**
 * Adds the headers of the key's limits, and removes the upstream's, which are of the operator's
 * account.
 */
export function addLimitHeaders(headers: Headers, record: Readonly<ExchangeRecord>): void {
  if (record.ledgerUnavailable !== undefined) {
    headers.set('gateway-ledger', 'unavailable')
  }
  const decision = record.admission?.decision
  if (decision === undefined) {
    return
  }
  const names = [...headers.keys()].filter((name) => name.startsWith('anthropic-ratelimit-'))
  for (const name of names) {
    headers.delete(name)
  }
  for (const [name, value] of Object.entries(toLimitHeaders(decision, 'admitted'))) {
    headers.set(name, value)
  }
}

function log(
  { record, http, billed }: FinishedExchange,
  { config, waitUntil }: Circumstances,
  { writeLog, localLog, liveLog, now }: Tools,
): void {
  const line = toLogLine(record, http, billed)
  const timed = { line, at: now() }
  if (config?.local === true) {
    // Another process of the same machine reads each write, beside the requests.
    const write = (lines: readonly TimedLine[]) => writeLog(...lines.map((each) => each.line))
    localLog.add(timed, write, waitUntil)
  } else {
    writeLog(line)
  }
  if (config?.liveLog !== undefined && record.requestedModel !== undefined) {
    liveLog.add(config.liveLog, timed, waitUntil)
  }
}

/**
 * Whether a request has no log line: those that Claude Code makes at every start, views of the console, and what
 * scrapers and clients send all the time, unless it fails.
 */
function isQuiet({ method, path, status }: HttpFacts): boolean {
  const isView = method === 'GET' && isConsolePath(path) && status < 500
  const isRoutine = frequentPaths.has(path) && status < 400
  return isView || isRoutine || quietPaths.has(path)
}

function toBilled(record: Readonly<ExchangeRecord>, { usage, cost }: Charge): BilledUsage {
  const isPriced = (record.target?.price ?? record.admission?.price) !== undefined
  return { usage, cost: isPriced ? cost : undefined, implausible: findImplausible(record) }
}

/**
 * Settles with the ledgers of the key and its group: a reservation at once, a charge without one once the
 * response has been sent.
 */
function settle(
  { record: { id, key, admission, alerts }, charge }: FinishedRequest,
  { config, waitUntil }: Circumstances,
  { now, writeLog }: Tools,
): void {
  const { ledgers } = config ?? {}
  if (
    ledgers === undefined ||
    key === undefined ||
    charge === undefined ||
    // Token counts are free: they are settled only to release their reservation.
    (admission?.kind === 'count_tokens' && admission.decision === undefined)
  ) {
    return
  }
  const settleWith = async (name: string): Promise<void> => {
    const watch = alerts?.watches.get(name)
    const unbooked = await sendSettlement(ledgers, name, { charge, watch })
    if (unbooked !== undefined) {
      const groupId = name === key.id ? undefined : key.group
      writeLog({ level: 'error', requestId: id, keyId: key.id, groupId, unbooked })
      const sinks = sinksFor(alerts?.sinks, 'unbooked')
      if (sinks.length > 0) {
        const about = { requestId: id, reason: unbooked, now: now() }
        await sendAlert(ledgers, toUnbookedAlert(name, about), sinks)
      }
    }
  }
  const names = key.group === undefined ? [key.id] : [key.id, toGroupLedger(key.group)]
  const settleAll = (): Promise<unknown> => Promise.all(names.map(settleWith))
  waitUntil(admission?.decision === undefined ? nextTurn().then(settleAll) : settleAll())
}

/** Writes the data point of a request that used a model. */
function count(
  { record: { key }, http: { ms }, charge }: FinishedRequest,
  { config }: Circumstances,
): void {
  if (key !== undefined && charge !== undefined && charge.kind !== 'count_tokens') {
    config?.dataPoints?.writeDataPoint(toDataPoint(charge, { keyId: key.id, ms }))
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}
