/** One request to a back end: within limits of time and size, and without ever throwing. */
import { parseJson } from '../anthropic/json.ts'
import type { Fetch } from '../platform/fetch.ts'
import { readBytes } from '../platform/read-bytes.ts'
import type { Access, BackEnd, BackEndRequest } from './back-ends/back-end.ts'
import type { BackEndSettings } from './settings.ts'
import type { ToolServices } from './tool.ts'

/** Why a back end gave no usable answer. */
export type BackEndFailure = 'unavailable' | 'too_many_requests' | 'invalid_tool_input'

/** `detail` is for the log: it has nothing of the request. */
export type BackEndAnswer = { json: unknown } | { failure: BackEndFailure; detail: string }

interface Limits {
  signal: AbortSignal
  maxMs: number
  maxBytes: number
}

/** A back end as an operator has set it up. */
export class BackEndClient {
  readonly #backEnd: BackEnd
  readonly #settings: BackEndSettings
  readonly #services: ToolServices

  constructor(backEnd: BackEnd, settings: BackEndSettings, services: ToolServices) {
    this.#backEnd = backEnd
    this.#settings = settings
    this.#services = services
  }

  /** Asks for JSON. Never rejects. */
  async ask(toRequest: (access: Access) => BackEndRequest, limits: Limits): Promise<BackEndAnswer> {
    const access = this.#toAccess()
    const answer =
      'detail' in access
        ? access
        : await ask(this.#backEnd.fetch ?? this.#services.fetch, toRequest(access), limits)
    return 'detail' in answer
      ? { ...answer, detail: `${this.#settings.back_end}: ${answer.detail}` }
      : answer
  }

  #toAccess(): Access | { failure: BackEndFailure; detail: string } {
    const { base_url, secret: stated } = this.#settings
    const baseUrl = (base_url ?? this.#backEnd.baseUrl)?.replace(/(?<!\/)\/+$/, '')
    const secret = stated === undefined ? this.#backEnd.secret : stated
    const key = secret === null ? undefined : this.#services.secret(secret)
    if (baseUrl === undefined) {
      return { failure: 'unavailable', detail: 'base_url is missing' }
    }
    return secret !== null && key === undefined
      ? { failure: 'unavailable', detail: `secret ${secret} is missing` }
      : { baseUrl, key }
  }
}

/** Redirects are not followed: a key must not travel to another host. */
async function ask(
  fetch: Fetch,
  { url, headers, body }: BackEndRequest,
  { signal, maxMs, maxBytes }: Limits,
): Promise<BackEndAnswer> {
  try {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(maxMs)]),
    })
    if (!response.ok) {
      await response.body?.cancel()
      return { failure: toFailure(response.status), detail: `status ${response.status}` }
    }
    const bytes = await readBytes(response.body, maxBytes)
    const json = bytes === undefined ? undefined : parseJson(new TextDecoder().decode(bytes))
    if (json === undefined) {
      const detail = bytes === undefined ? `more than ${maxBytes} bytes` : 'no JSON'
      return { failure: 'unavailable', detail }
    }
    return { json }
  } catch (error) {
    // Whatever fetch throws: refused connections, timeouts, an abort.
    return { failure: 'unavailable', detail: error instanceof Error ? error.name : 'unknown error' }
  }
}

function toFailure(status: number): BackEndFailure {
  if (status === 429) {
    return 'too_many_requests'
  }
  return status === 400 || status === 422 ? 'invalid_tool_input' : 'unavailable'
}
