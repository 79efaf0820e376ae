/** The Worker's bindings, checked. The only reader of `env`. */
import { GatewayError } from '../anthropic/error.ts'
import type { LedgerNamespace } from '../ledger/client.ts'

/** What is needed of a dataset of Analytics Engine. */
export type DataPoints = Pick<AnalyticsEngineDataset, 'writeDataPoint'>

/** What the gateway needs of its environment. */
export interface Config {
  keys: KVNamespace
  catalog: KVNamespace
  /** A Worker secret by name; undefined where it is not set. */
  secret: (name: string) => string | undefined
  /** A binding by name, for what only one provider needs; undefined where it is not bound. */
  binding: (name: string) => unknown
  /** Whether keys and the catalog may be kept in the isolate; off where changes must show at once. */
  caching: boolean
  /** Limits, budgets and usage; undefined where the binding is missing: then there are none. */
  ledgers: LedgerNamespace | undefined
  /** Analytics Engine; optional. */
  dataPoints: DataPoints | undefined
}

/** Throws a GatewayError `misconfigured` that names the first binding that is missing. */
export function readConfig(env: Env): Config {
  const vars: Record<string, unknown> = { ...env }
  return {
    keys: requireKv(vars, 'KEYS'),
    catalog: requireKv(vars, 'CATALOG'),
    secret: (name) => {
      const value = vars[name]
      return typeof value === 'string' && value !== '' ? value : undefined
    },
    binding: (name) => vars[name],
    caching: vars['CACHE'] !== 'off',
    ledgers: isLedgers(vars['LEDGER']) ? vars['LEDGER'] : undefined,
    dataPoints: isDataPoints(vars['USAGE']) ? vars['USAGE'] : undefined,
  }
}

/** Names of required bindings that are missing: what `/health` reports. */
export function missingBindings(env: Env): string[] {
  const vars: Record<string, unknown> = { ...env }
  return ['KEYS', 'CATALOG'].filter((name) => !isKv(vars[name]))
}

function requireKv(vars: Record<string, unknown>, name: string): KVNamespace {
  const value = vars[name]
  if (!isKv(value)) {
    throw new GatewayError({
      kind: 'misconfigured',
      message: `The gateway is not configured: the KV binding ${name} is missing.`,
    })
  }
  return value
}

function isKv(value: unknown): value is KVNamespace {
  return typeof value === 'object' && value !== null && 'getWithMetadata' in value
}

function isLedgers(value: unknown): value is LedgerNamespace {
  return typeof value === 'object' && value !== null && 'getByName' in value
}

function isDataPoints(value: unknown): value is DataPoints {
  return typeof value === 'object' && value !== null && 'writeDataPoint' in value
}
