/** Reserves a request's estimated usage with the ledger of its key, before anything is sent. */
import { GatewayError } from '../../anthropic/error.ts'
import { isPriced } from '../../catalog/price.ts'
import type { CatalogModel } from '../../catalog/schema.ts'
import { allowsWithoutLedger, hasBudget, needsLedger } from '../../keys/limits.ts'
import type { KeyRecord } from '../../keys/record.ts'
import type { LedgerNamespace } from '../../ledger/client.ts'
import { keepRenewing, requestReservation } from '../../ledger/client.ts'
import { toHighestCosts } from '../../ledger/money.ts'
import type { LedgerDecision, Reservation } from '../../ledger/protocol.ts'
import { toFailure } from '../../ledger/refusal.ts'
import type { Exchange } from '../record/exchange.ts'
import { toChargeSoFar } from './to-charge.ts'

/** The output tokens to reserve if the request has no limit. */
const defaultMaxTokens = 4096

/** A request that is to be admitted. */
export interface AdmissionRequest {
  kind: Reservation['kind']
  key: KeyRecord
  /** Headers of the client's request. */
  headers: Headers
  /** The model's name as the client wrote it. */
  requestedModel: string
  /** The model's id in the catalog. */
  modelId: string
  model: CatalogModel
  /** The request's output limit in tokens; undefined if it has none. */
  maxTokens: number | undefined
  /** Returns an estimate of the request's input tokens. */
  estimateInput: () => number
  /** `metadata.user_id`, which identifies the conversation if no header does. */
  userId?: string | undefined
}

/**
 * Admits a request: immediately for a key without limits, otherwise by the ledger's decision.
 * Throws a GatewayError `unpriced_model`, `limit_reached`, `budget_reached`, `invalid_key` (revoked
 * a moment ago), `invalid_request` (over a hard budget) or `ledger_unavailable`.
 */
export async function admit(
  exchange: Exchange,
  request: AdmissionRequest,
  ledgers: LedgerNamespace | undefined,
): Promise<void> {
  const { kind, key, headers, modelId, model, estimateInput } = request
  if (kind === 'messages' && !isPriced(model) && hasBudget(key.limits)) {
    throw new GatewayError({ kind: 'unpriced_model', model: modelId })
  }
  const decision = needsLedger(key.limits) ? await reserve(exchange, request, ledgers) : undefined
  const session = headers.get('x-claude-code-session-id') ?? undefined
  const conversation = session ?? request.userId
  exchange.admitted({
    kind,
    model: modelId,
    price: model.price,
    maxTokens: toMaxTokens(request),
    estimateInput,
    decision,
    session,
    agent: headers.get('x-claude-code-agent-id') ?? undefined,
    conversation: conversation && `${key.id} ${modelId} ${conversation}`,
  })
  if (decision !== undefined && ledgers !== undefined) {
    keepReserved(exchange, ledgers, key.id)
  }
}

/** Renews the reservation until the exchange is over. */
function keepReserved(exchange: Exchange, ledgers: LedgerNamespace, keyId: string): void {
  const known = () => toChargeSoFar(exchange.record, { ms: exchange.elapsed(), cached: 0 })
  const { stop } = keepRenewing(ledgers, keyId, { id: exchange.record.id, known })
  void exchange.over.then(stop)
}

/** Reserves; undefined if the ledger is unavailable and the key may be used without it. */
async function reserve(
  exchange: Exchange,
  request: AdmissionRequest,
  ledgers: LedgerNamespace | undefined,
): Promise<LedgerDecision | undefined> {
  const { id } = exchange.record
  const { key } = request
  const decision =
    ledgers === undefined
      ? { unavailable: 'the binding LEDGER is missing' }
      : await requestReservation(ledgers, key.id, toReservation(id, request))
  if ('unavailable' in decision) {
    exchange.ledgerFailed(decision.unavailable)
    if (!allowsWithoutLedger(key.limits)) {
      throw new GatewayError({ kind: 'ledger_unavailable' })
    }
    return undefined
  }
  if (decision.refusal !== undefined) {
    throw new GatewayError(toFailure(decision.refusal, decision, 'API key'))
  }
  return decision
}

function toReservation(id: string, request: AdmissionRequest): Reservation {
  const { kind, key, requestedModel, modelId, model, estimateInput } = request
  const counts = kind === 'count_tokens'
  const input = counts ? 0 : estimateInput()
  const output = counts ? 0 : toMaxTokens(request)
  return {
    id,
    kind,
    model: modelId,
    names: [modelId, requestedModel],
    limits: key.limits,
    version: key.version ?? 0,
    estimate: { input, output, ...toHighestCosts(model.price, { input, output }) },
  }
}

function toMaxTokens({ maxTokens = defaultMaxTokens, model }: AdmissionRequest): number {
  return Math.min(maxTokens, model.max_tokens ?? maxTokens)
}
