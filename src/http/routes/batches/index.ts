/**
 * The routes of the Message Batches API (https://docs.claude.com/en/api/creating-message-batches). Loaded at the
 * first request to it.
 */
import type { Context } from 'hono'
import type { Hono } from 'hono/tiny'

import { GatewayError, invalidRequest } from '../../../anthropic/error.ts'
import { parseRequest } from '../../../anthropic/request/request.ts'
import { toMessageBatch } from '../../../batches/batch-view.ts'
import { openBatches } from '../../../batches/bindings.ts'
import { createBatch } from '../../../batches/create/create-batch.ts'
import { maxBatch } from '../../../batches/create/store-requests.ts'
import type { BatchState } from '../../../batches/protocol.ts'
import { streamResults } from '../../../batches/results.ts'
import { pickHeaders } from '../../../platform/fetch.ts'
import { toOutputPrefix } from '../../../store/owner/object-names.ts'
import { decompressed } from '../../body.ts'
import type { AppEnv } from '../../env.ts'
import { requireKey } from '../../middleware/authenticate.ts'
import { answerMethodNotAllowed } from '../errors.ts'
import { ownerOf, requireModels } from '../owner.ts'
import { pageQuery, toPage } from '../page-query.ts'
import type { StoredRoutes } from '../stored-routes.ts'
import { requireBody } from '../stored-routes.ts'

/** Headers of the client's request that every item is sent with. */
const keptHeaders = ['anthropic-beta', 'anthropic-version', 'x-claude-code-session-id']

const maxIdempotencyKey = 256

/** Adds the routes of the Message Batches API to an app. */
export function addBatchRoutes(app: Hono<AppEnv>, needs: StoredRoutes): void {
  const { services, configure } = needs
  const batches = app.basePath('/v1/messages/batches')
  batches.use(requireKey(services, configure, () => true))
  batches.post('/', (c) => create(c, needs))
  batches.get('/', (c) => list(c))
  batches.get('/:id', async (c) => c.json(toView(c, (await find(c)).state)))
  batches.post('/:id/cancel', (c) => cancel(c, needs))
  batches.get('/:id/results', (c) => results(c))
  batches.delete('/:id', (c) => remove(c))
  batches.all('/', answerMethodNotAllowed('GET, POST'))
  batches.all('/:id', answerMethodNotAllowed('GET, DELETE'))
  batches.all('/:id/cancel', answerMethodNotAllowed('POST'))
  batches.all('/:id/results', answerMethodNotAllowed('GET'))
}

async function create(
  c: Context<AppEnv>,
  { services, getCatalog }: StoredRoutes,
): Promise<Response> {
  requireModels(c)
  const { headers, url } = c.req.raw
  const body = requireBody(c, 'requests', { of: 'a batch', bytes: maxBatch.bytes })
  const config = c.get('config')
  const storage = await openBatches(config)
  const { catalog } = await getCatalog(config)
  const encoding = headers.get('content-encoding')?.toLowerCase() ?? 'identity'
  const { id, mode } = await createBatch(services, storage, {
    body: decompressed(body, encoding),
    url,
    headers: pickHeaders(headers, keptHeaders),
    idempotencyKey: headers.get('idempotency-key')?.slice(0, maxIdempotencyKey),
    key: c.get('key'),
    group: c.get('group'),
    catalog,
    config,
  })
  const state = await storage.batches.getByName(id).state()
  if (state === undefined) {
    throw new GatewayError({ kind: 'internal' })
  }
  if (mode !== undefined) {
    c.header('gateway-batch', mode)
  }
  return c.json(toView(c, state))
}

async function list(c: Context<AppEnv>): Promise<Response> {
  const { owners, batches } = await openBatches(c.get('config'))
  const query = parseRequest(pageQuery, c.req.query())
  const { limit, after_id: after, before_id: before } = query
  const page = await owners.getByName(ownerOf(c)).listBatches({ limit, after, before })
  // What has ended is known to the index; the others are asked.
  const states = await Promise.all(
    page.items.map(async ({ id, ended }): Promise<BatchState | undefined> =>
      ended === undefined ? batches.getByName(id).state() : JSON.parse(ended),
    ),
  )
  const data = states.filter((state) => state !== undefined).map((state) => toView(c, state))
  return c.json(toPage(data, data, page.hasMore))
}

async function cancel(
  c: Context<AppEnv>,
  { services, getCatalog }: StoredRoutes,
): Promise<Response> {
  const { batch, state } = await find(c)
  const jobs = await batch.jobs()
  const canceled = (await batch.cancel()) ?? state
  if (jobs.length > 0) {
    const { exchange, key, group, config } = c.var
    const { catalog } = await getCatalog(config)
    const { cancelJobs } = await import('../../../batches/native/native-run.ts')
    const context = { exchange, catalog, config, group, headers: new Headers(), key }
    const ended = cancelJobs(
      services,
      jobs.map(({ job }) => job),
      context,
    )
    // Canceled or not, the batch takes no results any more.
    c.executionCtx.waitUntil(ended.catch(() => undefined))
  }
  return c.json(toView(c, canceled))
}

async function results(c: Context<AppEnv>): Promise<Response> {
  const { batch, state, objects } = await find(c)
  if (state.status !== 'ended') {
    throw invalidRequest(`Batch ${state.id} has no results yet: its status is ${state.status}.`)
  }
  if (state.archivedAt !== undefined) {
    const message = `The results of batch ${state.id} were deleted on ${new Date(state.archivedAt).toISOString()}.`
    throw new GatewayError({ kind: 'not_found', message })
  }
  const rest = state.canceledAt === undefined ? 'expired' : 'canceled'
  const prefix = toOutputPrefix(state.id)
  const body = streamResults(await batch.results(), rest, { objects, prefix })
  return new Response(body, { headers: { 'content-type': 'application/x-jsonl' } })
}

async function remove(c: Context<AppEnv>): Promise<Response> {
  const { batch, state } = await find(c)
  if (!(await batch.delete())) {
    throw invalidRequest(
      `Batch ${state.id} cannot be deleted while it is ${state.status}. Cancel it, or wait until it has ended.`,
    )
  }
  return c.json({ id: state.id, type: 'message_batch_deleted' })
}

/** Finds the batch of a request. Throws a GatewayError `not_found`, also for one of another key. */
async function find(c: Context<AppEnv>) {
  const { objects, batches } = await openBatches(c.get('config'))
  const id = c.req.param('id') ?? ''
  const batch = batches.getByName(id)
  const state = await batch.state()
  if (state?.owner !== ownerOf(c)) {
    const message = `Message batch not found: ${id.slice(0, 100)}`
    throw new GatewayError({ kind: 'not_found', message })
  }
  return { batch, state, objects }
}

function toView(c: Context<AppEnv>, state: BatchState): ReturnType<typeof toMessageBatch> {
  return toMessageBatch(state, new URL(c.req.url).origin)
}
