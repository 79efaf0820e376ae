/** From the model that a request names to the targets that may serve it, as far as its key may go there. */
import type { Context } from 'hono'

import { GatewayError } from '../anthropic/error.ts'
import { asObject, asString } from '../anthropic/json.ts'
import { envelope, parseRequest } from '../anthropic/request/request.ts'
import { isModelName } from '../catalog/model-name.ts'
import type { Resolve, ResolvedModel, ResolvedTarget } from '../catalog/resolver.ts'
import type { Catalog, CatalogModel } from '../catalog/schema.ts'
import type { Upstream } from '../catalog/upstream.ts'
import type { Body } from '../http/body.ts'
import type { AppEnv } from '../http/env.ts'
import { allowsModel } from '../keys/record.ts'
import type { Cooldowns } from './policy/cooldown.ts'
import { orderTargets, spread } from './policy/order.ts'
import type { Choice } from './policy/plan.ts'

/** A target with one of its provider's secrets. */
export interface Target extends Choice, Pick<ResolvedTarget, 'upstream' | 'dialect'> {
  /** The secret itself; undefined where the provider asks for none. */
  secret: string | undefined
  /** What its health is remembered by: provider, model and the secret's name. */
  health: string
}

export interface Chosen {
  /** As the client wrote it; what the answer calls itself. */
  requestedModel: string
  /** Its id in the catalogue: aliases and wildcards resolved. */
  modelId: string
  model: CatalogModel
  /** The best first; never empty. */
  targets: readonly Target[]
}

export interface Choosing {
  catalog: Catalog
  resolve: Resolve
  cooldowns: Cooldowns
  now: () => number
}

/**
 * Throws a GatewayError `unknown_model`, `model_not_allowed`, `invalid_request` without a model, or
 * `misconfigured` where no target's secret is set: the operator must act, so the client is told not to
 * retry.
 */
export function chooseTargets(c: Context<AppEnv>, { json }: Body, choosing: Choosing): Chosen {
  const { model: requestedModel } = parseRequest(envelope, json)
  if (isModelName(requestedModel)) {
    c.get('exchange').requested(requestedModel)
  }
  const resolved = choosing.resolve(choosing.catalog, requestedModel)
  if (resolved === undefined) {
    throw new GatewayError({ kind: 'unknown_model', model: requestedModel })
  }
  if (!allowsModel(c.get('key').models, requestedModel, resolved.id)) {
    throw new GatewayError({ kind: 'model_not_allowed', model: requestedModel })
  }
  const targets = listTargets(c, json, resolved, choosing)
  return { requestedModel, modelId: resolved.id, model: resolved.model, targets }
}

function listTargets(
  c: Context<AppEnv>,
  json: Body['json'],
  { targets }: ResolvedModel,
  { cooldowns, now }: Choosing,
): Target[] {
  const named = nameConversation(c, json)
  const missing: string[] = []
  const all = orderTargets(targets, named ?? c.get('key').id).flatMap((target) => {
    const found = withSecrets(target, c.get('config').secret)
    if (found.length === 0) {
      missing.push(describeMissing(target.upstream))
    }
    return spread(found, named ?? c.get('exchange').record.id, ({ health }) => health)
  })
  const [reason] = missing
  if (all.length === 0 && reason !== undefined) {
    throw new GatewayError({ kind: 'misconfigured', message: reason })
  }
  const at = now()
  const isResting = ({ health }: Target): boolean => cooldowns.isResting(health, at)
  return all.length === 1
    ? all
    : [...all.filter((target) => !isResting(target)), ...all.filter(isResting)]
}

/**
 * Claude Code names the session in a header, SDKs name a user. A client that names nothing stays with
 * one target for its key, and is spread over that one's secrets, which have their limits each.
 */
function nameConversation(c: Context<AppEnv>, json: Body['json']): string | undefined {
  return (
    c.req.header('x-claude-code-session-id') ?? asString(asObject(json['metadata'])?.['user_id'])
  )
}

function withSecrets(
  { upstream, dialect, name }: ResolvedTarget,
  read: (name: string) => string | undefined,
): Target[] {
  const { maxInputTokens } = upstream.limits
  const target = { upstream, dialect, name, maxInputTokens }
  if (upstream.secrets.length === 0) {
    return [{ ...target, secret: undefined, health: name }]
  }
  return upstream.secrets.flatMap((secretName) => {
    const secret = read(secretName)
    return secret === undefined ? [] : [{ ...target, secret, health: `${name} ${secretName}` }]
  })
}

function describeMissing({ provider, secrets }: Upstream): string {
  const what =
    secrets.length === 1 ? `secret ${secrets[0]} is` : `secrets ${secrets.join(', ')} are`
  return `provider ${provider} is not configured: ${what} missing`
}
