/** One call to a model: what the client asked, where it may go, and what the platform lends for it. */
import type { Context } from 'hono'

import { GatewayError } from '../anthropic/error.ts'
import type { Report } from '../anthropic/report.ts'
import { createReport } from '../anthropic/report.ts'
import type { Resolve } from '../catalog/resolver.ts'
import type { Upstream } from '../catalog/upstream.ts'
import type { Body } from '../http/body.ts'
import type { AppEnv, Dependencies } from '../http/env.ts'
import { aiGatewayRequestHeaders } from '../providers/ai-gateway.ts'
import { ClientConnection } from '../streaming/client-connection.ts'
import type { Timeouts } from '../streaming/timers.ts'
import { RequestTimers } from '../streaming/timers.ts'
import type { Authorize, Unauthorized } from '../upstream/auth/auth.ts'
import type { Fetch } from '../upstream/send.ts'
import type { Chosen, Target } from './choose-upstream.ts'
import type { Exchange } from './exchange.ts'
import type { Cooldowns } from './policy/cooldown.ts'
import type { RefusedFields } from './policy/refused-fields.ts'

export interface Call extends Chosen {
  body: Body
  /** The client's. */
  headers: Headers
  client: ClientConnection
  waitUntil: (promise: Promise<unknown>) => void
  timers: RequestTimers
  fetch: Fetch
  now: () => number
  newId: (prefix: string) => string
  authorize: Authorize
  cooldowns: Cooldowns
  refusedFields: RefusedFields
  config: AppEnv['Variables']['config']
  /** Of the client's key. */
  keyId: string
  exchange: Exchange
}

/** One attempt of a call: it begins anew from what the client sent. */
export interface Attempt extends Call {
  target: Target
  upstream: Upstream
  report: Report
  /** Gives the headers with the provider's secret. */
  signOn: (request: Unauthorized) => Promise<Record<string, string>>
}

/** What a call needs from outside. */
export interface CallDependencies extends Pick<Dependencies, 'fetch' | 'newId' | 'now'> {
  authorize: Authorize
  resolve: Resolve
  cooldowns: Cooldowns
  refusedFields: RefusedFields
}

/** Gathers a call. */
export function createCall(
  c: Context<AppEnv>,
  { fetch, newId, now, authorize, cooldowns, refusedFields }: CallDependencies,
  asked: Chosen & { body: Body },
): Call {
  return {
    ...asked,
    headers: c.req.raw.headers,
    client: new ClientConnection(c.req.raw),
    waitUntil: (promise) => c.executionCtx.waitUntil(promise),
    timers: new RequestTimers(now),
    fetch,
    now,
    newId,
    authorize,
    cooldowns,
    refusedFields,
    config: c.get('config'),
    keyId: c.get('key').id,
    exchange: c.get('exchange'),
  }
}

/** An attempt at one target, with nothing of earlier ones. Throws where it cannot be made. */
export function toAttempt(call: Call, target: Target): Attempt {
  const { upstream, secret } = target
  const { provider, auth: style, fetch } = upstream
  const { authorize, config } = call
  const onTheWay = toWayHeaders(call, upstream)
  return {
    ...call,
    target,
    upstream,
    report: createReport(),
    fetch:
      fetch === undefined
        ? call.fetch
        : (url, init) => fetch(new Request(url, init), config.binding),
    signOn: async (request) => ({
      ...(await authorize({ provider, style, secret }, request)),
      ...onTheWay,
    }),
  }
}

/** What whoever stands between wants to know of each request. */
function toWayHeaders(
  { config, keyId }: Call,
  { aiGateway, provider }: Upstream,
): Record<string, string> {
  if (aiGateway === undefined) {
    return {}
  }
  const { secret } = aiGateway
  const token = secret === undefined ? undefined : config.secret(secret)
  if (secret !== undefined && token === undefined) {
    throw new GatewayError({
      kind: 'misconfigured',
      message: `provider ${provider} is not configured: secret ${secret} of its AI gateway is missing`,
    })
  }
  return aiGatewayRequestHeaders(token, keyId)
}

/** How long an upstream may take. The head of an answer in one piece comes with all of it. */
export function toTimeouts({ timeouts }: Upstream, stream: boolean): Timeouts {
  const { connect_seconds, first_byte_seconds, idle_seconds, total_seconds } = timeouts
  const firstByteMs = first_byte_seconds * 1000
  return {
    headMs: stream ? Math.min(connect_seconds * 1000, firstByteMs) : firstByteMs,
    firstByteMs,
    idleMs: idle_seconds * 1000,
    totalMs: total_seconds * 1000,
  }
}
