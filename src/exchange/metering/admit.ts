/** Reserves what a request may use with its key's ledger, before anything is sent. */
import { GatewayError } from '../../anthropic/error.ts'
import type { CatalogModel } from '../../catalog/schema.ts'
import { allowsWithoutLedger, needsLedger } from '../../keys/limits.ts'
import type { KeyRecord } from '../../keys/record.ts'
import type { LedgerNamespace } from '../../ledger/client.ts'
import { requestReservation } from '../../ledger/client.ts'
import { toHighestPrice, toPrice } from '../../ledger/money.ts'
import type { LedgerDecision, Reservation } from '../../ledger/protocol.ts'
import { toFailure } from '../../ledger/refusal.ts'
import type { Exchange } from '../record/exchange.ts'

/** Output tokens that are reserved where the request does not limit them. */
const defaultMaxTokens = 4096

/** A request that is to be admitted. */
export interface AdmissionRequest {
  kind: Reservation['kind']
  key: KeyRecord
  /** The client's. */
  headers: Headers
  /** As the client wrote it. */
  requestedModel: string
  /** Its id in the catalog. */
  modelId: string
  model: CatalogModel
  /** Of the answer, where the request says so. */
  maxTokens: number | undefined
  /** Input tokens of the request. */
  estimateInput: () => number
}

/**
 * Admits a request: keys without limits at once, others by their ledger's decision. Throws a GatewayError
 * `limit_reached`, `budget_reached`, `invalid_key` (revoked a moment ago) or `ledger_unavailable`.
 */
export async function admit(
  exchange: Exchange,
  request: AdmissionRequest,
  ledgers: LedgerNamespace | undefined,
): Promise<void> {
  const { kind, key, headers, modelId, model, estimateInput } = request
  const decision = needsLedger(key.limits) ? await reserve(exchange, request, ledgers) : undefined
  exchange.admitted({
    kind,
    model: modelId,
    price: model.price,
    estimateInput,
    decision,
    session: headers.get('x-claude-code-session-id') ?? undefined,
    agent: headers.get('x-claude-code-agent-id') ?? undefined,
  })
}

/** Undefined where the ledger is unavailable, and the key may be used without it. */
async function reserve(
  exchange: Exchange,
  request: AdmissionRequest,
  ledgers: LedgerNamespace | undefined,
): Promise<LedgerDecision | undefined> {
  const { id, startedAt } = exchange.record
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
    throw new GatewayError(toFailure(decision.refusal, decision, startedAt))
  }
  return decision
}

function toReservation(
  id: string,
  {
    kind,
    key: { limits, version = 0 },
    requestedModel,
    modelId,
    model: { price, max_tokens: most },
    maxTokens = defaultMaxTokens,
    estimateInput,
  }: AdmissionRequest,
): Reservation {
  const counts = kind === 'count_tokens'
  const input = counts ? 0 : estimateInput()
  const output = counts ? 0 : Math.min(maxTokens, most ?? maxTokens)
  const prompt = { input, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0 }
  return {
    id,
    kind,
    model: modelId,
    names: [modelId, requestedModel],
    limits,
    version,
    estimate: {
      input,
      output,
      cost: toHighestPrice(price, { input, output }),
      inputCost: toPrice(price, prompt),
    },
  }
}
