/** The routes of metrics and of clients' telemetry, whose code is loaded when they are used. */
import type { Context } from 'hono'

import type { Signal } from '../../../telemetry/settings.ts'
import type { AppEnv, Dependencies } from '../../env.ts'

type Handler = (c: Context<AppEnv>) => Promise<Response>

/** Creates the handler of `GET /metrics`. */
export function answerScrape(now: () => number): Handler {
  return async function getMetrics(c) {
    const { answerMetrics } = await import('./metrics.ts')
    return answerMetrics(c, now())
  }
}

/** Creates the handler of `POST /v1/traces`, `/v1/metrics` or `/v1/logs`. */
export function answerSignal(
  signal: Signal,
  dependencies: Pick<Dependencies, 'fetch' | 'writeLog'>,
): Handler {
  return async function postSignal(c) {
    const { answerTelemetry } = await import('./client-telemetry.ts')
    return answerTelemetry(c, signal, dependencies)
  }
}
