/**
 * The part of a slice that goes to providers' own batch APIs: jobs are submitted once, polled by later runs, and
 * their results read by the path of single requests, as if each were the response to one.
 */
import { asObject, asString, parseJson } from '../../anthropic/json.ts'
import { createReport } from '../../anthropic/report.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import { loadProtocol } from '../../exchange/protocols/load-protocol.ts'
import type { RequestBody } from '../../exchange/request/body.ts'
import { openRequest } from '../../exchange/request/open-request.ts'
import type { Origin } from '../../exchange/request/request.ts'
import type { Services } from '../../exchange/request/services.ts'
import type { AttemptTarget, ChoiceContext } from '../../exchange/request/targets.ts'
import { chooseTargets } from '../../exchange/request/targets.ts'
import type { NativeJob } from '../protocol.ts'
import { checkParams } from '../read-item.ts'
import { fileJobs } from './file-jobs.ts'
import { messageJobs } from './message-jobs.ts'
import type { NativeJobs, NativeRequest, NativeResult } from './native-api.ts'
import { NativeApi } from './native-api.ts'
import { operationJobs } from './operation-jobs.ts'

const kinds: readonly NativeJobs[] = [fileJobs, operationJobs, messageJobs]

/** The time between polls of a job in milliseconds: a share of its age, so that long ones are polled less. */
const pollMs = { least: 60_000, most: 300_000 }

/** One item that could be a part of a job. */
export interface NativeItem {
  index: number
  body: RequestBody
}

interface PreparedItem {
  index: number
  url: string
  headers: Record<string, string>
  target: AttemptTarget
  model: string
  request: NativeRequest
}

/**
 * What a native run needs of the gateway: services, catalog, and the origin of the requests that it prepares.
 */
export interface NativeTools {
  services: Services
  catalog: Catalog
  /** The origin of an item's request; its exchange is not recorded. */
  originOf: () => Origin
}

/** The native jobs of one slice: submits those that are new, and polls those that run. */
export class NativeRun {
  readonly #tools: NativeTools

  constructor(tools: NativeTools) {
    this.#tools = tools
  }

  /** Submits what can be sent as jobs. What cannot, or is refused, is left to single requests. */
  async submit(items: readonly NativeItem[]): Promise<NativeJob[]> {
    const prepared: PreparedItem[] = []
    for (const item of items) {
      const one = await this.#prepare(item).catch(() => undefined)
      if (one !== undefined) {
        prepared.push(one)
      }
    }
    const groups = Map.groupBy(prepared, ({ url, target }) => `${target.health} ${url}`)
    const jobs: NativeJob[] = []
    for (const group of groups.values()) {
      const job = await this.#submitGroup(group).catch(() => undefined)
      if (job !== undefined) {
        jobs.push(job)
      }
    }
    return jobs
  }

  /** Requests the state of a job. A job that is not known any more has failed. */
  async poll(job: NativeJob): Promise<ReadonlyMap<string, NativeResult> | 'running' | 'failed'> {
    const api = toApi(this.#tools.services, job, this.#tools.originOf())
    const kind = kinds.find(({ fits }) => fits(job.url))
    if (api === undefined || kind === undefined) {
      return 'failed'
    }
    const state = await kind.poll(api, job.job)
    return state.state === 'ended' ? state.results : state.state
  }

  /** When a job is to be polled next, in epoch milliseconds. */
  nextPoll({ since }: NativeJob): number {
    const now = this.#tools.services.now()
    return now + Math.min(pollMs.most, Math.max(pollMs.least, (now - since) / 4))
  }

  async #submitGroup(group: readonly PreparedItem[]): Promise<NativeJob | undefined> {
    const [first] = group
    const kind = kinds.find(({ fits }) => first !== undefined && fits(first.url))
    if (first === undefined || kind === undefined) {
      return undefined
    }
    const { url, target, headers, model } = first
    const api = new NativeApi(this.#tools.services, target, headers)
    const job = await kind.submit(
      api,
      url,
      group.map(({ request }) => request),
    )
    const items = group.map(({ index }) => index)
    return { job, url, target: target.health, model, items, since: this.#tools.services.now() }
  }

  /** Translates an item as for a single request; undefined where it needs more than one. */
  async #prepare({ index, body }: NativeItem): Promise<PreparedItem | undefined> {
    const { services, catalog } = this.#tools
    checkParams(body.json)
    const origin = this.#tools.originOf()
    // Nothing is reserved: it is charged when the result is there.
    const { request, targets } = await openRequest(services, origin, 'batch', body)
    const [best] = targets
    const isNative = catalog.providers[best.provider]?.batch === 'native'
    const needsMore = request.serverTools !== undefined || request.context !== undefined
    if (!isNative || needsMore || body.json['safeguards'] !== undefined) {
      return undefined
    }
    const target = { ...best, streamsPlain: false }
    const attempt = { services, request, target, report: createReport() }
    const protocol = await loadProtocol(attempt)
    const {
      url,
      headers,
      body: text,
    } = protocol.prepare(services.adjustments.of(target.name, services.now()))
    const json = asObject(parseJson(text))
    if (json === undefined || !kinds.some(({ fits }) => fits(url))) {
      return undefined
    }
    const { 'content-type': _, ...rest } = headers
    const model = request.requestedModel
    return { index, url, headers: rest, target, model, request: { id: String(index), body: json } }
  }
}

/** Asks providers to end jobs. What they have begun is billed. */
export async function cancelJobs(
  services: Services,
  jobs: readonly NativeJob[],
  context: JobContext,
): Promise<void> {
  for (const job of jobs) {
    const api = toApi(services, job, context)
    const kind = kinds.find(({ fits }) => fits(job.url))
    if (api !== undefined) {
      await kind?.cancel(api, job.job)
    }
  }
}

type JobContext = Omit<ChoiceContext, 'services' | 'json'>

/** The batch API of a job's target; undefined if the catalog has it no more. */
function toApi(services: Services, job: NativeJob, context: JobContext): NativeApi | undefined {
  const { targets } = chooseTargets({ ...context, services, json: { model: job.model } })
  const target = targets.find(({ health }) => health === job.target)
  const headers = { 'anthropic-version': '2023-06-01', ...target?.headers }
  return target && new NativeApi(services, target, headers)
}

/** Services whose upstream has answered already. */
export function answeredBy(services: Services, { status, body }: NativeResult): Services {
  const headers = { 'content-type': 'application/json' }
  return { ...services, fetch: () => Promise.resolve(new Response(body, { status, headers })) }
}

/** A message's text with the tier by which it was billed, unless its provider named one. */
export function withBatchTier(message: string): string {
  const usage = asObject(asObject(parseJson(message))?.['usage'])
  const at = message.lastIndexOf('"usage":{')
  return usage === undefined || at === -1 || asString(usage['service_tier']) !== undefined
    ? message
    : `${message.slice(0, at)}"usage":{"service_tier":"batch",${message.slice(at + '"usage":{'.length)}`
}
