/**
 * Counts a request's tokens: by the upstream if the catalog enables that and the upstream can
 * count, or else by an estimate, which needs no round trip. Claude Code sends many count requests
 * at once, and relies on the results.
 */
import { toTokenCount } from '../anthropic/answer/wire/token-count.ts'
import { GatewayError } from '../anthropic/error.ts'
import { createReport } from '../anthropic/report.ts'
import { countTokensRequest, parseRequest } from '../anthropic/request/request.ts'
import { checkRules } from '../anthropic/request/rules.ts'
import { estimateTokens } from '../tokens/estimate.ts'
import { toTargetName } from './protocols/gateway-headers.ts'
import { loadProtocol } from './protocols/load-protocol.ts'
import { RequestSender } from './protocols/request-sender.ts'
import { withMcpServers } from './request/find-server-tools.ts'
import type { ClientRequest } from './request/request.ts'
import type { Services } from './request/services.ts'
import type { AttemptTarget } from './request/targets.ts'

/** The timeout of an upstream's count in milliseconds, after which the estimate is used. */
const maxCountMs = 10_000

/** Counts a request's tokens for a target. Throws a GatewayError for an invalid request. */
export async function countTokens(
  services: Services,
  request: ClientRequest,
  target: AttemptTarget,
): Promise<Response> {
  request.exchange.targeted(toTargetName(target.name), target)
  return target.dialect.kind === 'translated'
    ? count(services, await withMcpServers(services, request), target)
    : count(services, request, target)
}

async function count(
  services: Services,
  request: ClientRequest,
  target: AttemptTarget,
): Promise<Response> {
  const counted = target.countsTokens ? await countUpstream(services, request, target) : undefined
  return counted ?? estimate(request, target)
}

/** The upstream's count; undefined if it gives none, and the estimate is used. */
async function countUpstream(
  services: Services,
  request: ClientRequest,
  target: AttemptTarget,
): Promise<Response | undefined> {
  try {
    const attempt = { services, request, target, report: createReport() }
    const sending = new RequestSender(attempt, await loadProtocol(attempt), 'count_tokens')
    return await sending.count(maxCountMs)
  } catch (error) {
    if (error instanceof GatewayError) {
      return undefined
    }
    throw error
  } finally {
    request.client.release()
  }
}

function estimate(
  { body, context, serverTools }: ClientRequest,
  { name, model }: AttemptTarget,
): Response {
  const own = parseRequest(countTokensRequest, body.json)
  checkRules(own)
  const withTools =
    serverTools?.addsFunctions === true
      ? serverTools.forAnyModel(body.json, undefined).json
      : body.json
  const sent = context?.apply(withTools, model) ?? withTools
  const request = sent === body.json ? own : parseRequest(countTokensRequest, sent)
  const saved = context?.hasEdits === true ? context.savedTokens : undefined
  return Response.json(toTokenCount(estimateTokens(request, model), saved), {
    headers: { 'gateway-model': toTargetName(name) },
  })
}
