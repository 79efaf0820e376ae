/** `GET /health`, without a key: whether the gateway can serve, and what the operator must mend. */
import type { Context } from 'hono'

import { version } from '../../../package.json'
import { GatewayError } from '../../anthropic/error.ts'
import type { Registries } from '../../catalog/registries.ts'
import { toResolvedTarget } from '../../catalog/resolved-target.ts'
import type { Catalog } from '../../catalog/schema.ts'
import type { Config } from '../../exchange/config.ts'
import { missingBindings, readConfig } from '../../exchange/config.ts'
import type { AppEnv } from '../env.ts'
import type { GetCatalog } from './catalog.ts'

interface Health {
  status: 'ok' | 'degraded' | 'unavailable'
  version: string
  /** Which catalog is served: KV's, or the one that is built in because KV holds none. */
  catalog?: 'kv' | 'bundled'
  /** What is missing or broken, a sentence each. Names of bindings and secrets, never values. */
  missing: string[]
}

/** The handler. 503 only where no model could be served. */
export function answerHealth(registries: Registries, getCatalog: GetCatalog) {
  return async function getHealth(c: Context<AppEnv>): Promise<Response> {
    const health = await examine(c.env, registries, getCatalog)
    return c.json(health, health.status === 'unavailable' ? 503 : 200)
  }
}

async function examine(env: Env, registries: Registries, getCatalog: GetCatalog): Promise<Health> {
  const bindings = missingBindings(env).map((name) => `KV binding ${name} is missing`)
  if (bindings.length > 0) {
    return { status: 'unavailable', version, missing: bindings }
  }
  const config = readConfig(env)
  try {
    const { catalog, bundled, fault } = await getCatalog(config)
    const missing = [
      ...(fault === undefined ? [] : [`the catalog in KV cannot be used: ${fault}`]),
      ...missingSecrets(catalog, registries, config),
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

/** Secrets of the providers that a listed model goes to first. */
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
  return [...missing]
}
