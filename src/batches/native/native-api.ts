/** Requests to a provider's own batch API, with the credential of a target. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, parseJson } from '../../anthropic/json.ts'
import type { Services } from '../../exchange/request/services.ts'
import type { AttemptTarget } from '../../exchange/request/targets.ts'

/** One request of a job: `id` is unique in the job, `body` as for a single request. */
export interface NativeRequest {
  id: string
  body: JsonObject
}

/** The response that a single request would have had. */
export interface NativeResult {
  status: number
  body: string
}

/** The state of a job. `failed`: it has no results, and the items are sent as single requests. */
export type NativeState =
  | { state: 'running' | 'failed' }
  | { state: 'ended'; results: ReadonlyMap<string, NativeResult> }

/** A provider's batch API of one kind. A job is known by its URL. */
export interface NativeJobs {
  /** Whether requests to this URL can be sent as a job. */
  fits: (url: string) => boolean
  submit: (api: NativeApi, url: string, requests: readonly NativeRequest[]) => Promise<string>
  poll: (api: NativeApi, job: string) => Promise<NativeState>
  cancel: (api: NativeApi, job: string) => Promise<unknown>
}

/**
 * A client of one provider's batch API, with the credential of one target. Errors of the provider are thrown
 * as failures.
 */
export class NativeApi {
  readonly #services: Pick<Services, 'fetch' | 'authorize'>
  readonly #target: AttemptTarget
  readonly #headers: Readonly<Record<string, string>>

  /** `headers`: of every request, without the credential. */
  constructor(
    services: Pick<Services, 'fetch' | 'authorize'>,
    target: AttemptTarget,
    headers: Readonly<Record<string, string>>,
  ) {
    this.#services = services
    this.#target = target
    this.#headers = headers
  }

  /** Sends a request; throws for every status but 2xx. */
  async send(method: 'GET' | 'POST', url: string, body?: FormData | object): Promise<Response> {
    const isForm = body instanceof FormData
    const text = body === undefined || isForm ? '' : JSON.stringify(body)
    const headers = {
      ...this.#headers,
      ...(text === '' ? {} : { 'content-type': 'application/json' }),
    }
    const { provider, auth: style, secret } = this.#target
    const unauthorized = { url, headers, body: text }
    const credential = await this.#services.authorize({ provider, style, secret }, unauthorized)
    const response = await this.#services.fetch(url, {
      method,
      headers: { ...headers, ...credential },
      ...(body === undefined ? {} : { body: isForm ? body : text }),
      redirect: 'manual',
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw new Error(`the batch API of ${provider} returned status ${response.status}`)
    }
    return response
  }

  /** Sends a request whose response is a JSON object. */
  async json(method: 'GET' | 'POST', url: string, body?: FormData | object): Promise<JsonObject> {
    const json = asObject(parseJson(await (await this.send(method, url, body)).text()))
    if (json === undefined) {
      throw new Error(`the batch API of ${this.#target.provider} returned no JSON object`)
    }
    return json
  }

  /** Reads a response of JSON lines; what is no object is left out. */
  async lines(url: string): Promise<JsonObject[]> {
    const text = await (await this.send('GET', url)).text()
    return text
      .split('\n')
      .map((line) => asObject(parseJson(line)))
      .filter((line) => line !== undefined)
  }
}
