import { toErrorReply } from '../../anthropic/error-reply.ts'
/** Questions to the advisor that a client names, each a request of its own. */
import { GatewayError, invalidRequest } from '../../anthropic/error.ts'
import { asArray, asObject, asString } from '../../anthropic/json.ts'
import type { AskModel } from '../../server-tools/tool.ts'
import type { ClientRequest } from '../request/request.ts'
import type { Services } from '../request/services.ts'
import { ask } from './ask.ts'
import { findNamedModel } from './named-model.ts'

/** The milliseconds that the advisor may take, as the tools of one model call may. */
const maxMs = 120_000

/** How the advisor's model is asked. It has no tools, so that it asks nobody in turn. */
export function toAskModel(services: Services, request: ClientRequest): AskModel {
  return async (json) => {
    const answered = await ask(services, request, { purpose: 'advisor', json, maxMs })
    return 'message' in answered ? { message: asObject(answered.message) ?? {} } : answered
  }
}

/**
 * Throws a GatewayError `invalid_request` if the advisor of the client's entry of that index is no model of the
 * catalog that the key may use.
 */
export function checkAdvisor(services: Services, request: ClientRequest, index: number): void {
  const path = `tools.${index}.model`
  const model = asString(asObject(asArray(request.body.json['tools'])[index])?.['model']) ?? ''
  try {
    findNamedModel(services, request, model)
  } catch (error) {
    throw error instanceof GatewayError ? toInvalid(error, { path, model }) : error
  }
}

function toInvalid(
  { failure }: GatewayError,
  { path, model }: { path: string; model: string },
): GatewayError {
  const reason =
    failure.kind === 'unknown_model'
      ? 'The model is not in the catalog of this gateway.'
      : toErrorReply(failure).message
  const message = `${path}: \`${model}\` is not supported as an advisor model. ${reason}`
  return invalidRequest(message, path)
}
