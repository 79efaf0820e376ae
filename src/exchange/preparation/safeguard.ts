/** The safety check of tool calls that Claude Code's auto mode asks for (`safeguards`), where the operator names a classifier. */
import type { Failure } from '../../anthropic/error.ts'
import type { ClassifierResult } from '../../safeguards/safeguard-stage.ts'
import type { ClientRequest, Safeguard } from '../request/request.ts'
import type { Services } from '../request/services.ts'
import type { AttemptTarget } from '../request/targets.ts'
import { ask } from './ask.ts'

const maxMs = 30_000

/**
 * The check of a request; undefined where the client asks for none, the catalog names no classifier, or every target
 * is passed through and checks for itself.
 */
export async function prepareSafeguard(
  services: Services,
  request: ClientRequest,
  targets: readonly AttemptTarget[],
): Promise<Safeguard | undefined> {
  const { catalog, body } = request
  const model = catalog.safeguards?.model
  const safeguards = body.json['safeguards']
  const isTranslated = targets.some(({ dialect }) => dialect.kind === 'translated')
  if (model === undefined || safeguards === undefined || !isTranslated) {
    return undefined
  }
  const { findContext, SafeguardStage, toTranscript } = await import('../../safeguards/index.ts')
  const context = findContext(safeguards)
  if (context === undefined) {
    return undefined
  }
  const { inference_geo } = body.json
  // The question holds what the user wrote.
  const place = inference_geo === undefined ? {} : { inference_geo }
  const transcript = toTranscript(body.json['messages'])
  const classify = async (json: object): Promise<ClassifierResult> => {
    const answered = await ask(services, request, {
      purpose: 'safeguards',
      json: { ...json, ...place },
      maxMs,
    })
    return 'message' in answered ? answered : toClassified(answered.failure)
  }
  const isServerTool = (name: string): boolean => request.serverTools?.find(name) !== undefined
  return {
    model,
    createStage: () => new SafeguardStage({ model, context, transcript, classify, isServerTool }),
  }
}

function toClassified({ kind }: Failure): ClassifierResult {
  switch (kind) {
    case 'model_not_allowed':
    case 'unpriced_model':
      return { unsupported: true }
    case 'upstream_timeout':
    case 'client_disconnected':
      return { unavailable: 'timeout' }
    default:
      return { unavailable: 'error' }
  }
}
