/** Finds the models that a client names for the case that the requested one declines. */
import type { FallbackEntry } from '../../anthropic/request/fallbacks.ts'
import { readFallbacks } from '../../anthropic/request/fallbacks.ts'
import type { Fallback } from '../request/fallbacks.ts'
import { Fallbacks } from '../request/fallbacks.ts'
import type { ClientRequest } from '../request/request.ts'
import type { Services } from '../request/services.ts'
import { findNamedModel } from './named-model.ts'

/**
 * The models that a request names. Throws a GatewayError for an entry that is not valid, or names a model that
 * the key may not use.
 */
export function prepareFallbacks(services: Services, request: ClientRequest): Fallbacks {
  const entries = readFallbacks(request.body.json)
  return new Fallbacks(
    request.requestedModel,
    entries.map((entry) => toFallback(services, request, entry)),
  )
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
