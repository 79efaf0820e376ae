/** One call to a model: what the client asked, where it goes, and what the platform lends for it. */
import type { Context } from 'hono'

import { GatewayError } from '../anthropic/error.ts'
import type { Report } from '../anthropic/report.ts'
import { createReport, toAdaptedHeader } from '../anthropic/report.ts'
import type { AppEnv, Dependencies } from '../app-env.ts'
import type { Upstream } from '../catalog/upstream.ts'
import type { Authorize, Unauthorized } from '../upstream/auth.ts'
import type { Fetch } from '../upstream/send.ts'
import type { Body } from './body.ts'

export interface Call {
  body: Body
  /** The client's. */
  headers: Headers
  /** As the client wrote it; what the answer calls itself. */
  requestedModel: string
  upstream: Upstream
  report: Report
  requestId: string
  /** Fires when the client leaves. */
  signal: AbortSignal
  waitUntil: (promise: Promise<unknown>) => void
  fetch: Fetch
  newId: (prefix: string) => string
  /** Gives the headers with the provider's secret. */
  authorize: (request: Unauthorized) => Promise<Record<string, string>>
  log: AppEnv['Variables']['log']
}

/** What a call needs from outside. */
export interface CallDependencies extends Pick<Dependencies, 'fetch' | 'newId'> {
  authorize: Authorize
}

/**
 * Gathers a call. Throws a GatewayError `misconfigured` where the provider's secret is not set: the
 * operator must act, so the client is told not to retry.
 */
export function createCall(
  c: Context<AppEnv>,
  { fetch, newId, authorize }: CallDependencies,
  asked: Pick<Call, 'body' | 'requestedModel' | 'upstream'>,
): Call {
  const { upstream } = asked
  const { provider, auth: style } = upstream
  const secret = readSecret(c, upstream)
  const log = c.get('log')
  log.target = toTargetName(upstream)
  return {
    ...asked,
    headers: c.req.raw.headers,
    report: createReport(),
    requestId: c.get('requestId'),
    signal: c.req.raw.signal,
    waitUntil: (promise) => c.executionCtx.waitUntil(promise),
    fetch: upstream.fetch ?? fetch,
    newId,
    authorize: (request) => authorize({ provider, style, secret }, request),
    log,
  }
}

function readSecret(c: Context<AppEnv>, { secret, provider }: Upstream): string | undefined {
  if (secret === null) {
    return undefined
  }
  const value = c.get('config').secret(secret)
  if (value === undefined) {
    throw new GatewayError({
      kind: 'misconfigured',
      message: `provider ${provider} is not configured: secret ${secret} is missing`,
    })
  }
  return value
}

/** `<provider>/<upstream model>`, safe in a header. */
export function toTargetName({ provider, model }: Upstream): string {
  return `${provider}/${model}`.replace(/[^\x20-\x7e]/g, '?')
}

/**
 * Headers of every answer that an upstream gave. In strict mode (`gateway-strict: ?1`) throws a
 * GatewayError that names each field that would have been dropped.
 */
export function answerHeaders({ upstream, report, headers, log }: Call): Record<string, string> {
  log.adaptations = report.adaptations
  if (headers.get('gateway-strict') === '?1') {
    refuseDropped(report, upstream)
  }
  const adapted = toAdaptedHeader(report.adaptations)
  return {
    'gateway-model': toTargetName(upstream),
    ...(adapted === undefined ? {} : { 'gateway-adapted': adapted }),
  }
}

function refuseDropped({ adaptations }: Report, upstream: Upstream): void {
  const fields = adaptations.filter(({ action }) => action === 'drop').map(({ field }) => field)
  if (fields.length > 0) {
    throw new GatewayError({
      kind: 'invalid_request',
      message: `${fields.join(', ')}: cannot be carried to ${toTargetName(upstream)}, and gateway-strict is set.`,
    })
  }
}
