/** Reserves a request's estimated usage with the ledgers of its key and group, before anything is sent. */
import type { BillingTerms } from '../../anthropic/answer/part.ts'
import { GatewayError } from '../../anthropic/error.ts'
import { isPriced } from '../../catalog/price.ts'
import type { CatalogModel } from '../../catalog/schema/model.ts'
import type { GroupRecord } from '../../keys/groups/record.ts'
import type { KeyLimits } from '../../keys/limits.ts'
import { allowsWithoutLedger, hasBudget, needsLedger } from '../../keys/limits.ts'
import type { KeyRecord } from '../../keys/record.ts'
import type { LedgerNamespace } from '../../ledger/client.ts'
import { keepRenewing, requestReservation, sendCancellation } from '../../ledger/client.ts'
import { toGroupLedger } from '../../ledger/ledger-name.ts'
import type { HolderDecision } from '../../ledger/merge-decisions.ts'
import { mergeDecisions } from '../../ledger/merge-decisions.ts'
import { toHighestCosts } from '../../ledger/money.ts'
import type { LedgerDecision, LimitHolder, Reservation } from '../../ledger/protocol.ts'
import { toFailure } from '../../ledger/refusal.ts'
import type { Admission, ExchangeRecord } from '../record/exchange-record.ts'
import type { Exchange } from '../record/exchange.ts'
import type { CachedPrompts } from './cached-prompts.ts'
import { toChargeSoFar } from './to-charge.ts'

/** The output tokens to reserve if the request has no limit. */
const defaultMaxTokens = 4096

/** A request that is to be admitted. */
export interface AdmissionRequest {
  kind: Reservation['kind']
  key: KeyRecord
  /** The key's group. */
  group: GroupRecord | undefined
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
  /** What the request asks for that providers bill by. */
  terms: BillingTerms
  /** Returns the price of another model by its name. */
  priceOf: Admission['priceOf']
}

/** The side effects of admission. */
export interface AdmissionTools {
  /** The ledgers; undefined if the binding is missing. */
  ledgers: LedgerNamespace | undefined
  /** Keeps the Worker alive for what the response does not wait for. */
  waitUntil: (promise: Promise<unknown>) => void
  cachedPrompts: CachedPrompts
}

/** A ledger that counts a request, and the limits that it holds. */
interface Account {
  ledger: string
  holder: LimitHolder
  limits: KeyLimits
  version: number
}

/**
 * Admits a request: without limits at once, else by the decision of the key's ledger and then of the
 * group's. Throws a GatewayError `unpriced_model`, `limit_reached`, `budget_reached`, `invalid_key` (revoked
 * a moment ago), `not_permitted` (group disabled a moment ago), `invalid_request` (over a hard budget) or
 * `ledger_unavailable`; nothing is reserved then.
 */
export async function admit(
  exchange: Exchange,
  request: AdmissionRequest,
  tools: AdmissionTools,
): Promise<void> {
  const { kind, key, headers, modelId, model, estimateInput, terms } = request
  const accounts = toAccounts(request).filter(({ limits }) => needsLedger(limits))
  const isPaid = kind !== 'count_tokens' && accounts.some(({ limits }) => hasBudget(limits))
  if (isPaid && !isPriced(model)) {
    throw new GatewayError({ kind: 'unpriced_model', model: modelId })
  }
  const reserved = accounts.length === 0 ? [] : await reserveAll(exchange, request, accounts, tools)
  const session = headers.get('x-claude-code-session-id') ?? undefined
  const name = session ?? request.userId
  const conversation = name && `${key.id} ${modelId} ${name}`
  exchange.admitted({
    kind,
    model: modelId,
    price: model.price,
    priceOf: request.priceOf,
    maxTokens: toMaxTokens(request),
    estimateInput,
    decision: mergeDecisions(reserved),
    session,
    agent: headers.get('x-claude-code-agent-id') ?? undefined,
    conversation,
    cachedShare: conversation === undefined ? 0 : tools.cachedPrompts.find(conversation),
    terms,
  })
  if (reserved.length > 0 && tools.ledgers !== undefined) {
    const names = reserved.map(({ ledger }) => ledger)
    keepReserved(exchange, tools.ledgers, names)
  }
}

function toAccounts({ key, group }: AdmissionRequest): Account[] {
  const { id, limits, version = 0 } = key
  const own: Account = { ledger: id, holder: 'API key', limits, version }
  return group === undefined
    ? [own]
    : [own, { ...group, ledger: toGroupLedger(group.id), holder: 'group' }]
}

/** Renews the reservations until the exchange is over. */
function keepReserved(
  exchange: Exchange,
  ledgers: LedgerNamespace,
  names: readonly string[],
): void {
  const known = () => toChargeSoFar(exchange.record, exchange.delivered(), exchange.elapsed())
  const { stop } = keepRenewing(ledgers, names, { id: exchange.record.id, known })
  void exchange.over.then(stop)
}

/**
 * Reserves with one ledger after the other, so that a key over its own limit takes nothing of its group's,
 * not even for a moment. Accounts that may be used without their ledger are left out while it is unavailable.
 */
async function reserveAll(
  exchange: Exchange,
  request: AdmissionRequest,
  accounts: readonly Account[],
  { ledgers, waitUntil }: AdmissionTools,
): Promise<(Account & HolderDecision)[]> {
  const reserved: (Account & HolderDecision)[] = []
  try {
    for (const account of accounts) {
      const decision = await reserve(exchange, request, account, ledgers)
      if (decision !== undefined) {
        reserved.push({ ...account, decision })
      }
    }
  } catch (error) {
    if (ledgers !== undefined) {
      const { id } = exchange.record
      // If it fails, the lease expires.
      reserved.forEach(({ ledger }) => waitUntil(sendCancellation(ledgers, ledger, id)))
    }
    throw error
  }
  return reserved
}

/** Reserves; undefined if the ledger is unavailable and the account may be used without it. */
async function reserve(
  exchange: Exchange,
  request: AdmissionRequest,
  account: Account,
  ledgers: LedgerNamespace | undefined,
): Promise<LedgerDecision | undefined> {
  const { ledger, holder, limits } = account
  const reservation = toReservation(exchange.record, request, account)
  const decision =
    ledgers === undefined
      ? { unavailable: 'the binding LEDGER is missing' }
      : await requestReservation(ledgers, ledger, reservation)
  if ('unavailable' in decision) {
    exchange.ledgerFailed(decision.unavailable)
    if (!allowsWithoutLedger(limits)) {
      throw new GatewayError({ kind: 'ledger_unavailable' })
    }
    return undefined
  }
  if (decision.refusal !== undefined) {
    throw new GatewayError(toFailure(decision.refusal, decision, holder))
  }
  return decision
}

function toReservation(
  { id, purpose }: Pick<ExchangeRecord, 'id' | 'purpose'>,
  request: AdmissionRequest,
  { limits, version }: Account,
): Reservation {
  const { kind, requestedModel, modelId, model, estimateInput, terms } = request
  const counts = kind === 'count_tokens'
  const input = counts ? 0 : estimateInput()
  const output = counts ? 0 : toMaxTokens(request)
  return {
    id,
    kind,
    model: modelId,
    names: [modelId, requestedModel],
    limits,
    version,
    isOwn: purpose !== undefined,
    estimate: { input, output, ...toHighestCosts(toPrices(model), { input, output, terms }) },
  }
}

/** The prices of the targets, any of which may answer. */
function toPrices({ price, targets }: CatalogModel): CatalogModel['price'][] {
  return targets.map((target) => target.price ?? price)
}

function toMaxTokens({ maxTokens = defaultMaxTokens, model }: AdmissionRequest): number {
  return Math.min(maxTokens, model.max_tokens ?? maxTokens)
}
