/** Creates a batch: stores its requests, checks limits and budgets, and commits. */
import { noUsage } from '../../anthropic/answer/add-usage.ts'
import { GatewayError } from '../../anthropic/error.ts'
import { toNanoCost } from '../../catalog/price.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import type { Config } from '../../exchange/config.ts'
import type { Services } from '../../exchange/request/services.ts'
import type { GroupRecord } from '../../keys/groups/record.ts'
import type { KeyLimits } from '../../keys/limits.ts'
import { hasBudget } from '../../keys/limits.ts'
import type { KeyRecord } from '../../keys/record.ts'
import { toGroupLedger } from '../../ledger/ledger-name.ts'
import { toFailure } from '../../ledger/refusal.ts'
import type { BatchAdmission } from '../../store/owner/batches.ts'
import { toInputPrefix } from '../../store/owner/object-names.ts'
import type { BatchStorage } from '../bindings.ts'
import type { NewBatchRecord } from '../protocol.ts'
import type { StoredRequests } from './store-requests.ts'
import { storeRequests } from './store-requests.ts'

/** The prefix of every batch id. */
export const batchIdPrefix = 'msgbatch_'

const dayMs = 86_400_000

/** How long items may wait, which is Anthropic's. */
const lifeMs = dayMs

/** How long results are kept, which is Anthropic's. */
const defaultRetentionDays = 29

/** A request for a new batch: the unread body, with the key and catalog that it is checked against. */
export interface NewBatchRequest {
  body: ReadableStream<Uint8Array>
  url: string
  /** Headers that every item is sent with. */
  headers: Record<string, string>
  /** The client's `idempotency-key`. */
  idempotencyKey: string | undefined
  key: KeyRecord
  group: GroupRecord | undefined
  catalog: Catalog
  config: Config
}

/** A key or group whose limits a batch is held to. */
interface Account {
  /** The name of its ledger and index. */
  name: string
  holder: 'API key' | 'group'
  limits: KeyLimits
}

/** A batch, and how it runs; unknown for one that was there before. */
export interface CreatedBatch {
  id: string
  mode: 'native' | 'loop' | undefined
}

/**
 * Creates a batch; returns it, or an earlier one with the same idempotency key. Throws a GatewayError
 * for a body that is no batch, and where limits or budgets do not allow it; nothing is kept then.
 */
export async function createBatch(
  { newId, now, resolve }: Pick<Services, 'newId' | 'now' | 'resolve'>,
  { objects, owners, batches }: BatchStorage,
  request: NewBatchRequest,
): Promise<CreatedBatch> {
  const { key, catalog, config, idempotencyKey } = request
  const known = idempotencyKey && (await owners.getByName(key.id).findBatch(idempotencyKey))
  if (known !== undefined && known !== '') {
    await request.body.cancel()
    return { id: known, mode: undefined }
  }
  const id = newId(batchIdPrefix)
  const admitted: Account[] = []
  try {
    const stored = await storeRequests(request.body, { objects, batch: id })
    const createdAt = now()
    const batch = { id, items: stored.items, createdAt, idempotencyKey }
    const priceOf = (model: string): Price | undefined => resolve(catalog, model)?.model.price
    for (const account of toAccounts(request)) {
      await checkBudget(account, stored, { config, priceOf })
      const index = owners.getByName(account.name)
      const admission = await index.admitBatch(batch, toBatchLimits(account.limits))
      if (typeof admission === 'object' && 'known' in admission) {
        await objects.deleteAll(toInputPrefix(id))
        return { id: admission.known, mode: undefined }
      }
      checkAdmission(admission, account)
      admitted.push(account)
    }
    await batches
      .getByName(id)
      .create({ ...toRecord(request, createdAt), id, slices: stored.slices })
    const providers = [...stored.bytesByModel.keys()].map(
      (model) => resolve(catalog, model)?.targets[0]?.provider ?? '',
    )
    const isNative = providers.some((name) => catalog.providers[name]?.batch === 'native')
    return { id, mode: isNative ? 'native' : 'loop' }
  } catch (error) {
    await objects.deleteAll(toInputPrefix(id))
    await Promise.all(admitted.map(({ name }) => owners.getByName(name).cancelBatch(id)))
    throw error
  }
}

function toRecord(
  { key, url, headers, catalog }: NewBatchRequest,
  createdAt: number,
): Omit<NewBatchRecord, 'id' | 'slices'> {
  const retentionDays = catalog.batches?.retention_days ?? defaultRetentionDays
  return {
    key,
    url,
    headers,
    createdAt,
    expiresAt: createdAt + lifeMs,
    archivedAt: createdAt + retentionDays * dayMs,
  }
}

function toAccounts({ key, group }: Pick<NewBatchRequest, 'key' | 'group'>): Account[] {
  const own: Account = { name: key.id, holder: 'API key', limits: key.limits }
  return group?.limits.batch === undefined && (group === undefined || !hasBudget(group.limits))
    ? [own]
    : [own, { name: toGroupLedger(group?.id ?? ''), holder: 'group', limits: group?.limits ?? {} }]
}

function toBatchLimits({ batch }: KeyLimits) {
  return { itemsPerDay: batch?.items_per_day, inFlight: batch?.in_flight }
}

function checkAdmission(admission: BatchAdmission, { holder }: Account): void {
  if (typeof admission === 'object' && 'refused' in admission) {
    const { refused, limit, used } = admission
    const what = refused === 'itemsPerDay' ? 'batch requests a day' : 'batch requests in flight'
    throw new GatewayError({
      kind: 'limit_reached',
      message: `This batch would exceed the limit of your ${holder}: ${limit} ${what}, of which ${used} are used.`,
      retryAfter: 3600,
      headers: {},
    })
  }
}

/** The tokens of a prompt by the bytes of its JSON, roughly. */
const bytesPerToken = 4

type Price = Parameters<typeof toNanoCost>[1]

/**
 * Throws a GatewayError `budget_reached` if the prompts alone cost more than what is left of a budget for all
 * models. What the answers cost shows when they come.
 */
async function checkBudget(
  { name, holder, limits }: Account,
  { bytesByModel }: StoredRequests,
  { config, priceOf }: { config: Config; priceOf: (model: string) => Price | undefined },
): Promise<void> {
  if (!hasBudget(limits) || config.ledgers === undefined) {
    return
  }
  const cost = [...bytesByModel].reduce((sum, [model, bytes]) => {
    const price = priceOf(model)
    const input = Math.floor(bytes / bytesPerToken)
    return sum + (price === undefined ? 0 : toNanoCost({ ...noUsage, input }, price))
  }, 0)
  const { budgets } = await config.ledgers.getByName(name).standing(limits)
  const budget = budgets.find(
    ({ pattern, limit, spent, held }) => pattern === undefined && cost > limit - spent - held,
  )
  if (budget !== undefined) {
    const decision = { refusal: undefined, rates: [], budgets, expectedOutput: 0 }
    throw new GatewayError(
      toFailure({ kind: 'budget', budget, retryAfterMs: undefined }, decision, holder),
    )
  }
}
