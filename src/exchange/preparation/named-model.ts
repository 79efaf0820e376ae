/** A model that a request names besides the one that answers it. */
import { GatewayError } from '../../anthropic/error.ts'
import { isPriced } from '../../catalog/price.ts'
import { hasBudget } from '../../keys/limits.ts'
import type { ClientRequest } from '../request/request.ts'
import type { Services } from '../request/services.ts'
import type { ChosenModel } from '../request/targets.ts'
import { findTargets } from '../request/targets.ts'

/**
 * Throws a GatewayError `unknown_model`, `model_not_allowed`, `unpriced_model`, or `misconfigured` if no target's
 * secret is set.
 */
export function findNamedModel(
  services: Services,
  request: ClientRequest,
  name: string,
): ChosenModel {
  const found = findTargets({ ...request, services, json: request.body.json }, name)
  const isLimited = [request.key, request.group].some((each) => each && hasBudget(each.limits))
  if (isLimited && !isPriced(found.model)) {
    throw new GatewayError({ kind: 'unpriced_model', model: found.modelId })
  }
  return found
}
