/** Chooses the targets for a request's model, if its key may use it. */
import type { Failure } from '../../anthropic/error.ts'
import { GatewayError } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString } from '../../anthropic/json.ts'
import { readModelName } from '../../anthropic/request/request.ts'
import { isModelName } from '../../catalog/resolve/model-name.ts'
import type { ResolvedTarget } from '../../catalog/resolve/resolved-target.ts'
import type { ResolvedModel } from '../../catalog/resolve/resolver.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import type { CatalogModel } from '../../catalog/schema/model.ts'
import type { GroupRecord } from '../../keys/groups/record.ts'
import type { KeyRecord } from '../../keys/record.ts'
import { allowsModel } from '../../keys/record.ts'
import type { Config } from '../config.ts'
import { orderTargets, spread } from '../policy/order.ts'
import { requestedGeography, byService } from '../policy/requested-service.ts'
import type { Exchange } from '../record/exchange.ts'
import type { Services } from './services.ts'

/** A target with one of its provider's secrets. */
export interface AttemptTarget extends ResolvedTarget {
  /** The secret itself; undefined if the provider requires none. */
  secret: string | undefined
  /** The name under which its health is cached: provider, model and the secret's name. */
  health: string
}

/** The model of a request, with at least one target. */
export interface ChosenModel {
  /** The model's name in the client's request. */
  requestedModel: string
  /** The model's id in the catalog: aliases and wildcards resolved. */
  modelId: string
  model: CatalogModel
  /** The targets in order of preference; never empty. */
  targets: readonly [AttemptTarget, ...AttemptTarget[]]
}

/** What the choice of targets depends on. */
export interface ChoiceContext {
  exchange: Exchange
  services: Services
  catalog: Catalog
  key: KeyRecord
  /** The key's group. */
  group: GroupRecord | undefined
  config: Pick<Config, 'secret'>
  /** Headers of the client's request. */
  headers: Headers
  json: JsonObject
}

/**
 * Chooses the targets. Throws a GatewayError `unknown_model`, `model_not_allowed`,
 * `invalid_request` without a model, or `misconfigured` if no target's secret is set.
 */
export function chooseTargets(context: ChoiceContext): ChosenModel {
  const model = readModelName(context.json)
  if (isModelName(model)) {
    context.exchange.requested(model)
  }
  return findTargets(context, model)
}

/** The targets of a model by its name. Throws as {@link chooseTargets} does. */
export function findTargets(context: ChoiceContext, requestedModel: string): ChosenModel {
  const { services, catalog, key, group } = context
  const resolved = services.resolve(catalog, requestedModel)
  if (resolved === undefined) {
    throw new GatewayError({ kind: 'unknown_model', model: requestedModel })
  }
  if (!allowsModel([key, group], requestedModel, resolved.id)) {
    throw new GatewayError({ kind: 'model_not_allowed', model: requestedModel })
  }
  const all = listTargets(context, resolved)
  const [best, ...others] = byService(all, context.json)
  if (best === undefined) {
    throw new GatewayError(
      all.length === 0
        ? { kind: 'unknown_model', model: requestedModel }
        : toUnservedGeography(requestedModel, context.json),
    )
  }
  const { id: modelId, model } = resolved
  return { requestedModel, modelId, model, targets: [best, ...others] }
}

function toUnservedGeography(model: string, json: JsonObject): Failure {
  const place = JSON.stringify(requestedGeography(json))
  return {
    kind: 'invalid_request',
    message: `inference_geo: this gateway has no target of ${model} in ${place}.`,
    path: 'inference_geo',
  }
}

function listTargets(
  { exchange, services: { cooldowns, now }, key, config, headers, json }: ChoiceContext,
  { targets }: ResolvedModel,
): AttemptTarget[] {
  const named = nameConversation(headers, json)
  const missing: string[] = []
  const all: AttemptTarget[] = []
  for (const target of orderTargets(targets, named ?? key.id)) {
    const found = withSecrets(target, config.secret)
    if (found.length === 0) {
      missing.push(describeMissing(target))
    }
    for (const one of spread(found, named ?? exchange.record.id, ({ health }) => health)) {
      all.push(one)
    }
  }
  const [reason] = missing
  if (all.length === 0 && reason !== undefined) {
    throw new GatewayError({ kind: 'misconfigured', message: reason })
  }
  const at = now()
  const isCoolingDown = ({ health }: AttemptTarget): boolean => cooldowns.isCoolingDown(health, at)
  return all.length === 1
    ? all
    : [...all.filter((target) => !isCoolingDown(target)), ...all.filter(isCoolingDown)]
}

/**
 * The identifier of the conversation: Claude Code sends a session in a header, SDKs a user. A
 * client without either stays with one target per key, and is spread over that target's secrets,
 * each of which has its own limits.
 */
function nameConversation(headers: Headers, json: JsonObject): string | undefined {
  return (
    headers.get('x-claude-code-session-id') ?? asString(asObject(json['metadata'])?.['user_id'])
  )
}

function withSecrets(
  target: ResolvedTarget,
  read: (name: string) => string | undefined,
): AttemptTarget[] {
  const { name, secrets } = target
  if (secrets.length === 0) {
    return [{ ...target, secret: undefined, health: name }]
  }
  return secrets.flatMap((secretName) => {
    const secret = read(secretName)
    return secret === undefined ? [] : [{ ...target, secret, health: `${name} ${secretName}` }]
  })
}

function describeMissing({ provider, secrets }: ResolvedTarget): string {
  const what =
    secrets.length === 1 ? `secret ${secrets[0]} is` : `secrets ${secrets.join(', ')} are`
  return `provider ${provider} is not configured: ${what} missing`
}
