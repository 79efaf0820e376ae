/** `POST /v1/organizations/resolve`: where a model name goes. */
import type { Context } from 'hono'
import * as z from 'zod/mini'

import { GatewayError } from '../../../anthropic/error.ts'
import { parseRequest } from '../../../anthropic/request/request.ts'
import { findModel, stripHint } from '../../../catalog/resolve/resolve.ts'
import type { ResolvedTarget } from '../../../catalog/resolve/resolved-target.ts'
import type { Config } from '../../../exchange/config.ts'
import { lazySchema } from '../../../platform/lazy-schema.ts'
import { readBody } from '../../body.ts'
import type { AppEnv } from '../../env.ts'
import { listCooldowns } from './health.ts'
import type { AdminTools } from './tools.ts'

const resolution = lazySchema(() => z.strictObject({ model: z.string().check(z.minLength(1)) }))

/** Creates the handler: the model's id, by what it was found, and its targets in the order of the catalog. */
export function answerResolution(services: AdminTools['services']) {
  return async function postResolution(c: Context<AppEnv>): Promise<Response> {
    const { model: name } = parseRequest(resolution, (await readBody(c.req.raw)).json)
    const config = c.get('config')
    const { catalog } = await c.get('readCatalog')()
    const found = services.resolve(catalog, name)
    if (found === undefined) {
      const message =
        findModel(catalog, name) === undefined
          ? `model: ${name}: no id, alias or wildcard of the catalog matches it`
          : `model: ${name}: the model is retired`
      throw new GatewayError({ kind: 'not_found', message })
    }
    const cooldowns = listCooldowns(services)
    return c.json({
      model: name,
      id: found.id,
      entry: found.model.id,
      via:
        found.model.id === stripHint(name)
          ? 'id'
          : found.id === stripHint(name)
            ? 'wildcard'
            : 'alias',
      targets: found.targets.map((target) => ({
        ...toTarget(target, config),
        cooldown_until: cooldowns.get(target.name) ?? null,
      })),
    })
  }
}

function toTarget(target: ResolvedTarget, config: Config): object {
  const { name, provider, model, baseUrl, secrets, priority, weight, price, dialect } = target
  return {
    target: name,
    provider,
    model,
    base_url: baseUrl,
    protocol: dialect.kind === 'pass-through' ? 'anthropic' : dialect.kind,
    priority,
    weight: weight ?? null,
    price: price ?? null,
    secrets: secrets.map((secret) => ({ name: secret, set: config.secret(secret) !== undefined })),
  }
}
