/** Answers a request that no client waits for: with the whole message as text, or with why there is none. */
import type { Failure } from '../anthropic/error.ts'
import { toRequestFailure } from './failure-response.ts'
import { relayAnswer } from './relay-answer.ts'
import type { RequestBody } from './request/body.ts'
import { openRequest } from './request/open-request.ts'
import type { ClientRequest, Origin } from './request/request.ts'
import type { Services } from './request/services.ts'
import type { AttemptTarget } from './request/targets.ts'

type Prepare = (
  services: Services,
  request: ClientRequest,
  targets: readonly AttemptTarget[],
) => Promise<ClientRequest>

/** A request that the gateway answers to itself, such as an item of a batch. */
export interface NonStreamingRequest {
  kind: 'messages' | 'batch'
  body: RequestBody
  /** Undefined for a question of the gateway's own, for whose answer it does nothing else. */
  prepare?: Prepare
  /** The only target that may answer, by the name of its health; undefined for any. */
  only?: string
}

/** The exchange of `origin` gets its outcome; to record it is up to the caller. */
export async function answerNonStreaming(
  services: Services,
  origin: Origin,
  { kind, body, prepare, only }: NonStreamingRequest,
): Promise<{ message: string } | { failure: Failure }> {
  try {
    const { request, targets } = await openRequest(services, origin, kind, body)
    const allowed = targets.filter(({ health }) => only === undefined || health === only)
    const prepared = (await prepare?.(services, request, targets)) ?? request
    const { opened } = await relayAnswer(services, prepared, allowed, {
      form: 'message',
      pings: false,
    })
    if ('message' in opened) {
      return opened
    }
    return { failure: 'failure' in opened ? opened.failure : { kind: 'internal' } }
  } catch (error) {
    const failure = toRequestFailure(error)
    if (failure === undefined) {
      throw error
    }
    origin.exchange.refused(failure)
    return { failure }
  }
}
