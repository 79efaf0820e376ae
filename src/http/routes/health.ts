/**
 * Handles `GET /health`, without a key: whether the gateway can serve requests, and what the
 * operator must fix.
 */
import type { Context } from 'hono'

import { version } from '../../../package.json'
import { GatewayError } from '../../anthropic/error.ts'
import type { Registries } from '../../catalog/registries.ts'
import { toResolvedTarget } from '../../catalog/resolve/resolved-target.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import type { Config } from '../../exchange/config.ts'
import { missingBindings } from '../../exchange/config.ts'
import type { AppEnv } from '../env.ts'
import type { Configure } from '../middleware/configure.ts'
import type { GetCatalog } from './catalog.ts'

/** The health of the gateway. `missing` lists what the operator must set. */
export interface Health {
  status: 'ok' | 'degraded' | 'unavailable'
  version: string
  /** The catalog that is served: KV's, or the built-in one if KV has none. */
  catalog?: 'kv' | 'bundled'
  /**
   * A sentence for each thing that is missing or broken, with names of bindings and secrets, never
   * their values.
   */
  missing: string[]
}

/** What the handler needs of the app. */
export interface HealthTools {
  registries: Registries
  configure: Configure
  getCatalog: GetCatalog
}

/** Answers with the health. The status is 503 only if no model can be served. */
export async function answerHealth(
  c: Context<AppEnv>,
  { registries, configure, getCatalog }: HealthTools,
): Promise<Response> {
  const bindings = missingBindings(c.env).map((name) => `KV binding ${name} is missing`)
  const health: Health =
    bindings.length > 0
      ? { status: 'unavailable', version, missing: bindings }
      : await examine(configure(c), registries, getCatalog)
  return c.json(health, health.status === 'unavailable' ? 503 : 200)
}

/** Examines the catalog and the secrets that it needs. */
export async function examine(
  config: Config,
  registries: Registries,
  getCatalog: GetCatalog,
): Promise<Health> {
  try {
    const { catalog, bundled, fault } = await getCatalog(config)
    const missing = [
      ...(fault === undefined ? [] : [`the catalog in KV cannot be used: ${fault}`]),
      ...missingSecrets(catalog, registries, config),
      ...missingForSignIn(catalog, config),
    ]
    return {
      status: missing.length === 0 ? 'ok' : 'degraded',
      version,
      catalog: bundled ? 'bundled' : 'kv',
      missing,
    }
  } catch (error) {
    if (error instanceof GatewayError && error.failure.kind === 'misconfigured') {
      return { status: 'unavailable', version, missing: [error.failure.message] }
    }
    throw error
  }
}

/** What sign-in lacks, where the catalog has it. */
function missingForSignIn({ identity }: Catalog, config: Config): string[] {
  if (identity === undefined) {
    return []
  }
  const { providers = {}, access, workloads } = identity
  const ways = [access, workloads, ...Object.values(providers)]
  return [
    ...(config.signIns === undefined ? ['sign-in: Durable Object binding SIGN_IN is missing'] : []),
    ...(ways.every((way) => way === undefined)
      ? ['sign-in: identity has no providers, access or workloads, so nobody can sign in']
      : []),
    ...Object.entries(providers).flatMap(([name, { secret }]) =>
      secret === undefined || config.secret(secret) !== undefined
        ? []
        : [`sign-in provider ${name}: secret ${secret} is missing`],
    ),
  ]
}

/** The missing secrets of receivers of alerts, and of providers that are the first target of a listed model. */
function missingSecrets(catalog: Catalog, registries: Registries, config: Config): string[] {
  const missing = new Set<string>()
  for (const model of catalog.models) {
    const target = model.targets[0]
    if (model.listed === false || target === undefined) {
      continue
    }
    const { provider, secrets } = toResolvedTarget(catalog, registries, model, target)
    if (secrets.length > 0 && secrets.every((name) => config.secret(name) === undefined)) {
      missing.add(`provider ${provider}: secret ${secrets.join(', ')} is missing`)
    }
  }
  for (const { url_secret: url, signing_secret: signing = url } of catalog.alerts ?? []) {
    for (const name of [url, signing].filter((each) => config.secret(each) === undefined)) {
      missing.add(`alerts: secret ${name} is missing`)
    }
  }
  return [...missing]
}
