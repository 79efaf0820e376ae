/** Asks a key's ledger before anything is sent. Keys without limits are let by without asking. */
import type { Context } from 'hono'

import { GatewayError } from '../anthropic/error.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { asCount } from '../anthropic/json.ts'
import { countTokensRequest } from '../anthropic/request.ts'
import type { AppEnv } from '../app-env.ts'
import type { CatalogModel } from '../catalog/schema.ts'
import { allowsWithoutLedger, needsLedger } from '../keys/limits.ts'
import { askLedger } from '../ledger/client.ts'
import type { Reservation } from '../ledger/entry.ts'
import { toHighestPrice, toPrice } from '../ledger/money.ts'
import { toFailure } from '../ledger/refusal.ts'
import { estimateTokens } from '../tokens/estimate.ts'
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
  /** Who may serve it; the first is whose tokens are estimated. */
  targets: readonly { upstream: { model: string } }[]
  /** The client's body. */
  json: JsonObject
}

/**
 * Lets a request by, or throws a GatewayError `limit_reached`, `budget_reached`, `invalid_key` (revoked
 * a moment ago) or `ledger_unavailable`.
 */
export async function admit(c: Context<AppEnv>, asking: Asking): Promise<void> {
  const account = c.get('account')
  const key = c.get('key')
  const asked = toAsked(asking)
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
      : await askLedger(ledgers, c.get('key').id, reservation)
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

function toAsked({ kind, modelId, model, targets, json }: Asking): Asked {
  let input: number | undefined
  return {
    kind,
    model: modelId,
    price: model.price,
    estimateInput: () => (input ??= estimateInput(json, targets[0]?.upstream.model)),
  }
}

/** By length where the body is not one that we understand; the upstream may. */
function estimateInput(json: JsonObject, model: string | undefined): number {
  const request = countTokensRequest.safeParse(json)
  return request.success
    ? estimateTokens(request.data, model)
    : Math.ceil(JSON.stringify(json).length / 4)
}

function toReservation(
  c: Context<AppEnv>,
  { kind, requestedModel, model: { max_tokens: most }, json }: Asking,
  { model, price, estimateInput: estimate }: Asked,
): Reservation {
  const { limits, version = 0 } = c.get('key')
  const maxTokens = asCount(json['max_tokens']) ?? usualMaxTokens
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
