/** Asks a key's ledger before anything is sent. Keys without limits are let by without asking. */
import type { Context } from 'hono'

import { GatewayError } from '../../anthropic/error.ts'
import type { CatalogModel } from '../../catalog/schema.ts'
import type { AppEnv } from '../../http/env.ts'
import { allowsWithoutLedger, needsLedger } from '../../keys/limits.ts'
import { requestReservation } from '../../ledger/client.ts'
import { toHighestPrice, toPrice } from '../../ledger/money.ts'
import type { Reservation } from '../../ledger/protocol.ts'
import { toFailure } from '../../ledger/refusal.ts'
import type { Account, Asked } from './account.ts'

/** What is reserved for an answer whose request does not say how long it may get. */
const usualMaxTokens = 4096

export interface Asking {
  kind: Reservation['kind']
  /** As the client wrote it. */
  requestedModel: string
  /** Its id in the catalogue. */
  modelId: string
  model: CatalogModel
  /** Of the answer, where the request says so. */
  maxTokens: number | undefined
  estimateInput: Asked['estimateInput']
}

/**
 * Lets a request by, or throws a GatewayError `limit_reached`, `budget_reached`, `invalid_key` (revoked
 * a moment ago) or `ledger_unavailable`.
 */
export async function admit(c: Context<AppEnv>, asking: Asking): Promise<void> {
  const account = c.get('account')
  const key = c.get('key')
  const { kind, modelId, model, estimateInput } = asking
  const asked: Asked = { kind, model: modelId, price: model.price, estimateInput }
  if (needsLedger(key.limits)) {
    await reserve(c, account, toReservation(c, asking, asked))
  }
  account.asked = asked
}

async function reserve(
  c: Context<AppEnv>,
  account: Account,
  reservation: Reservation,
): Promise<void> {
  const { ledgers } = c.get('config')
  const line = c.get('log')
  const verdict =
    ledgers === undefined
      ? { unavailable: 'the binding LEDGER is missing' }
      : await requestReservation(ledgers, c.get('key').id, reservation)
  if ('unavailable' in verdict) {
    line.ledger = verdict.unavailable
    if (!allowsWithoutLedger(reservation.limits)) {
      throw new GatewayError({ kind: 'ledger_unavailable' })
    }
    return
  }
  account.verdict = verdict
  if (verdict.refusal !== undefined) {
    throw new GatewayError(toFailure(verdict.refusal, verdict, account.startedAt))
  }
}

function toReservation(
  c: Context<AppEnv>,
  { kind, requestedModel, model: { max_tokens: most }, maxTokens = usualMaxTokens }: Asking,
  { model, price, estimateInput: estimate }: Asked,
): Reservation {
  const { limits, version = 0 } = c.get('key')
  const counts = kind === 'count_tokens'
  const input = counts ? 0 : estimate()
  const output = counts ? 0 : Math.min(maxTokens, most ?? maxTokens)
  const prompt = { input, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0 }
  return {
    id: c.get('requestId'),
    kind,
    model,
    names: [model, requestedModel],
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
