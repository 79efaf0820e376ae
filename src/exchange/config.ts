/** The Worker's bindings, validated. The only reader of `env`. */
import { GatewayError } from '../anthropic/error.ts'
import type { CatalogWriterObject } from '../catalog/versions/catalog-writer.ts'
import type { SessionNamespace } from '../identity/sessions.ts'
import type { SignInNamespace } from '../identity/sign-ins.ts'
import type { LedgerNamespace } from '../ledger/client.ts'
import type { LiveLogNamespace } from '../live-log/feed.ts'
import { asBinding } from '../platform/binding.ts'
import type { KeyValue } from '../platform/key-value.ts'
import type { TelemetrySettings } from '../telemetry/settings.ts'
import { readTelemetry } from '../telemetry/settings.ts'
import type { KvCache } from './kv-cache.ts'

/** The method of an Analytics Engine dataset that is used. */
export type DataPoints = Pick<AnalyticsEngineDataset, 'writeDataPoint'>

/** The namespace of the Durable Object that writes the catalog. */
export type CatalogWriterNamespace = Pick<DurableObjectNamespace<CatalogWriterObject>, 'getByName'>

/** The gateway's environment. */
export interface Config {
  keys: KeyValue
  catalog: KeyValue
  /** What the isolate has read of both. */
  cache: KvCache
  /**
   * Whether the gateway runs in `npm start`, whose commands report what they write to KV, and whose log lines
   * are read by a process of the same machine.
   */
  local: boolean
  /** Returns a Worker secret by name; undefined if it is not set. */
  secret: (name: string) => string | undefined
  /**
   * Returns a binding by name, for those that only one provider uses; undefined if it is absent.
   */
  binding: (name: string) => unknown
  /**
   * Whether keys and the catalog may be cached in the isolate; false if changes must apply
   * immediately.
   */
  caching: boolean
  /**
   * The ledgers with limits, budgets and usage; undefined without the binding, and then there are
   * none.
   */
  ledgers: LedgerNamespace | undefined
  /** The sessions of the console; undefined without the binding, and then sign-in is off. */
  sessions: SessionNamespace | undefined
  /** Sign-in of persons and pipelines; undefined without the binding, and then it is not served. */
  signIns: SignInNamespace | undefined
  /** The object that writes the catalog; undefined without the binding, and then KV alone is written. */
  catalogWriter: CatalogWriterNamespace | undefined
  /** The live log; undefined unless the var `CONSOLE_LOG` is `on`. */
  liveLog: LiveLogNamespace | undefined
  /** The Analytics Engine dataset; optional. */
  dataPoints: DataPoints | undefined
  /** The settings of telemetry; undefined if none is sent. */
  telemetry: TelemetrySettings | undefined
}

/** Reads the bindings. Throws a GatewayError `misconfigured` that names the first missing one. */
export function readConfig(env: Env, cache: KvCache): Config {
  const vars: Record<string, unknown> = { ...env }
  const secret = (name: string): string | undefined => {
    const value = vars[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  return {
    keys: requireKv(vars, 'KEYS'),
    catalog: requireKv(vars, 'CATALOG'),
    cache,
    local: vars['LOCAL'] === 'on',
    secret,
    binding: (name) => vars[name],
    caching: vars['CACHE'] !== 'off',
    ledgers: asBinding<LedgerNamespace>(vars['LEDGER'], 'getByName'),
    sessions: asBinding<SessionNamespace>(vars['SESSIONS'], 'getByName'),
    signIns: asBinding<SignInNamespace>(vars['SIGN_IN'], 'getByName'),
    catalogWriter: asBinding<CatalogWriterNamespace>(vars['CATALOG_WRITER'], 'getByName'),
    liveLog: asBinding<LiveLogNamespace>(
      vars['CONSOLE_LOG'] === 'on' ? vars['LIVE_LOG'] : undefined,
      'getByName',
    ),
    dataPoints: asBinding<DataPoints>(vars['USAGE'], 'writeDataPoint'),
    telemetry: readTelemetry(secret),
  }
}

/** The names of missing required bindings, for `/health`. */
export function missingBindings(env: Env): string[] {
  const vars: Record<string, unknown> = { ...env }
  return ['KEYS', 'CATALOG'].filter((name) => asKv(vars[name]) === undefined)
}

function requireKv(vars: Record<string, unknown>, name: string): KeyValue {
  const kv = asKv(vars[name])
  if (kv === undefined) {
    throw new GatewayError({
      kind: 'misconfigured',
      message: `The gateway is not configured: the KV binding ${name} is missing.`,
    })
  }
  return kv
}

function asKv(value: unknown): KeyValue | undefined {
  return asBinding<KVNamespace>(value, 'getWithMetadata')
}
