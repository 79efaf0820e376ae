/**
 * The count of a request's tokens: the upstream's own where the catalog wants that and the upstream can
 * count, or else an estimate, which costs no round trip. Claude Code asks for many counts at once, and
 * relies on the answer.
 */
import { GatewayError } from '../anthropic/error.ts'
import { createReport } from '../anthropic/report.ts'
import { countTokensRequest, parseRequest } from '../anthropic/request/request.ts'
import { checkRules } from '../anthropic/request/rules.ts'
import { estimateTokens } from '../tokens/estimate.ts'
import { toTargetName } from './protocols/gateway-headers.ts'
import { Sending } from './protocols/sending.ts'
import type { ClientRequest } from './request/request.ts'
import type { Services } from './request/services.ts'
import type { AttemptTarget } from './request/targets.ts'

/** An estimate is at hand, so a count is not worth a longer wait. */
const maxCountMs = 10_000

/** Counts a request's tokens for a target. Throws a GatewayError for a request that is not valid. */
export async function countTokens(
  services: Services,
  request: ClientRequest,
  target: AttemptTarget,
): Promise<Response> {
  request.exchange.targeted(toTargetName(target.name), target)
  const counted = target.countsTokens ? await countUpstream(services, request, target) : undefined
  return counted ?? estimate(request, target)
}

/** Undefined where the upstream does not count: an estimate is better than nothing. */
async function countUpstream(
  services: Services,
  request: ClientRequest,
  target: AttemptTarget,
): Promise<Response | undefined> {
  try {
    const attempt = { services, request, target, report: createReport() }
    return await new Sending(attempt, 'count_tokens').count(maxCountMs)
  } catch (error) {
    if (error instanceof GatewayError) {
      return undefined
    }
    throw error
  } finally {
    request.client.release()
  }
}

function estimate({ body }: ClientRequest, { name, model }: AttemptTarget): Response {
  const request = parseRequest(countTokensRequest, body.json)
  checkRules(request)
  return Response.json(
    { input_tokens: estimateTokens(request, model) },
    { headers: { 'gateway-model': toTargetName(name) } },
  )
}
