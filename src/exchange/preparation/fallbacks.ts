/** Finds the models that a client names for the case that the requested one declines. */
import { GatewayError } from '../../anthropic/error.ts'
import type { FallbackEntry } from '../../anthropic/request/fallbacks.ts'
import { readFallbacks } from '../../anthropic/request/fallbacks.ts'
import type { Fallback } from '../request/fallbacks.ts'
import { Fallbacks } from '../request/fallbacks.ts'
import type { ClientRequest } from '../request/request.ts'
import type { Services } from '../request/services.ts'
import { findNamedModel } from './named-model.ts'

/**
 * The models that a request names, or by default those that the catalog has for its model. Throws a GatewayError for
 * an entry that is not valid, or names a model that the key may not use.
 */
export function prepareFallbacks(services: Services, request: ClientRequest): Fallbacks {
  const { json } = request.body
  const isDefault = json['fallbacks'] === 'default'
  const ofModel = request.model.fallbacks?.map((model) => ({ model }))
  const entries = readFallbacks(isDefault ? { fallbacks: ofModel } : json)
  return new Fallbacks(
    request.requestedModel,
    entries.flatMap((entry) =>
      isDefault ? toAllowed(services, request, entry) : [toFallback(services, request, entry)],
    ),
  )
}

/** None for a model of the operator's choice that the key may not use. */
function toAllowed(services: Services, request: ClientRequest, entry: FallbackEntry): Fallback[] {
  try {
    return [toFallback(services, request, entry)]
  } catch (error) {
    if (error instanceof GatewayError) {
      return []
    }
    throw error
  }
}

function toFallback(
  services: Services,
  request: ClientRequest,
  { model: name, apply }: FallbackEntry,
): Fallback {
  const { targets, modelId: id } = findNamedModel(services, request, name)
  // An answer that passes through cannot continue what another model began.
  return { id, apply, targets: targets.filter(({ dialect }) => dialect.kind === 'translated') }
}
