/**
 * Opens a request to a model, whether a client sent it or the gateway itself: chooses its targets and
 * admits it.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asCount, asObject, asString } from '../../anthropic/json.ts'
import { priceByName } from '../../catalog/resolve/price-by-name.ts'
import { asksForCitations } from '../../citations/asks-for-citations.ts'
import type { ToCitable } from '../../citations/index.ts'
import { asksForContext } from '../../context/asks-for-context.ts'
import type { RequestContext } from '../../context/index.ts'
import { usesFiles } from '../../files/uses-files.ts'
import { needsLedger } from '../../keys/limits.ts'
import type { Reservation } from '../../ledger/protocol.ts'
import { sha256 } from '../../platform/sha256.ts'
import { usesServerTools } from '../../server-tools/uses-server-tools.ts'
import { toAlertContext } from '../alerts.ts'
import { admit } from '../metering/admit.ts'
import type { RequestBody } from './body.ts'
import { releaseText } from './body.ts'
import { findServerTools } from './find-server-tools.ts'
import { Prompt } from './prompt.ts'
import type { ClientRequest, Origin } from './request.ts'
import type { Services } from './services.ts'
import { toSessionKey } from './session-key.ts'
import type { AttemptTarget } from './targets.ts'
import { chooseTargets } from './targets.ts'

/** An admitted request with its targets, of which there is at least one. */
export interface OpenedRequest {
  request: ClientRequest
  /** The targets in order of preference. */
  targets: readonly [AttemptTarget, ...AttemptTarget[]]
}

/** Throws a GatewayError if there is no target, or the limits of the key or its group do not allow the request. */
export async function openRequest(
  services: Services,
  origin: Origin,
  kind: Reservation['kind'],
  sent: RequestBody,
): Promise<OpenedRequest> {
  const { exchange, headers, key, group, catalog, config, waitUntil } = origin
  const { targets, ...chosen } = chooseTargets({ ...origin, services, json: sent.json })
  const body = usesFiles(sent.json)
    ? await (await import('./with-files.ts')).withFiles(sent, { config, owner: key.id })
    : sent
  const { json } = body
  const prompt = new Prompt(body, targets[0].model)
  if (targets.every(({ dialect }) => dialect.kind === 'translated')) {
    releaseText(body)
  }
  exchange.alertsGoTo(toAlertContext(origin.catalog.alerts, key, group))
  services.gatewayWatch.start(origin.catalog, config, waitUntil)
  if (needsLedger(key.limits) || (group !== undefined && needsLedger(group.limits))) {
    // A client that disconnects must not leave its reservation open.
    waitUntil(exchange.over)
  }
  const maxTokens = asCount(json['max_tokens'])
  const estimateInput = (): number => prompt.estimateInput()
  const userId = asString(asObject(json['metadata'])?.['user_id'])
  const serverTools = usesServerTools(json)
    ? await findServerTools(services, origin, { json, model: chosen.model })
    : undefined
  const terms = { speed: asString(json['speed']), inference_geo: asString(json['inference_geo']) }
  const priceOf = priceByName.bind(undefined, services.resolve, catalog)
  const counted = { maxTokens, estimateInput, userId, terms, priceOf }
  const admissionRequest = { kind, key, group, headers, ...chosen, ...counted }
  const { cachedPrompts } = services
  await admit(exchange, admissionRequest, { ledgers: config.ledgers, waitUntil, cachedPrompts })
  const request = {
    ...origin,
    body,
    prompt,
    requestedModel: chosen.requestedModel,
    model: chosen.model,
    serverTools,
    sessionKey: kind === 'count_tokens' ? undefined : await toSessionKey(key.id, headers, json),
    context: asksForContext(json) ? await findContext(json, targets[0]) : undefined,
    toCitable: kind === 'messages' ? await findCitations(json, targets) : undefined,
    safeguard: undefined,
    ask: undefined,
    compaction: undefined,
    fallbacks: undefined,
  }
  return { request, targets }
}

/** Passages to cite, for targets whose requests are translated. */
async function findCitations(
  json: JsonObject,
  targets: readonly AttemptTarget[],
): Promise<ToCitable | undefined> {
  const isTranslated = targets.some(({ dialect }) => dialect.kind === 'translated')
  return isTranslated && asksForCitations(json)
    ? (await import('../../citations/index.ts')).prepareCitations(json)
    : undefined
}

/** Checks the blocks of earlier compactions where Anthropic's servers do not edit the context themselves. */
async function findContext(json: JsonObject, { dialect }: AttemptTarget): Promise<RequestContext> {
  const { RequestContext } = await import('../../context/index.ts')
  if (dialect.kind === 'translated') {
    const { checkCompactionBlocks } = await import('../../context/compaction/check-blocks.ts')
    await checkCompactionBlocks(json, sha256)
  }
  return new RequestContext(json)
}
