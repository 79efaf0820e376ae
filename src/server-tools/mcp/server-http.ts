/**
 * The requests to one MCP server: to its own origin alone, whose host is public, and of a bounded length. The
 * SDK's transports send the caller's token with each of them.
 */
import type { Fetch } from '../../platform/fetch.ts'
import { resolvesToPublic } from '../fetch/resolve-host.ts'
import { toHost } from '../fetch/url-guard.ts'
import type { McpServer } from './toolset.ts'

/** Bytes of one response, which of legacy servers is the stream of all results. */
const maxBytes = 4 * 1024 * 1024

/** Why a request was not made, or its response not read; the message is what the client gets. */
export class McpHttpError extends Error {
  override readonly name = 'McpHttpError'
}

/** How an MCP server is reached. `isTrusted` allows hosts that are not public. */
export interface ServerHttpOptions {
  fetch: Fetch
  /** Whether the operator allows the server's origin: then its host need not be public. */
  isTrusted: boolean
  signal: AbortSignal
}

/** Sends the HTTP requests of one connection. */
export class ServerHttp {
  readonly #server: McpServer
  readonly #options: ServerHttpOptions
  #isPublic: Promise<boolean> | undefined
  readonly #controller = new AbortController()
  #status: number | undefined

  constructor(server: McpServer, options: ServerHttpOptions) {
    this.#server = server
    this.#options = options
  }

  /** The status of the last response. */
  get status(): number | undefined {
    return this.#status
  }

  /** Aborts with an {@link McpHttpError} when nothing more can be expected of the server. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Fetches for the SDK, which follows redirects within the origin itself. */
  readonly fetch = async (target: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(target)
    if (url.origin !== this.#server.url.origin) {
      throw this.fail('it refers to another host')
    }
    if (!(await this.#mayCall())) {
      throw this.fail('its host has no public address')
    }
    const response = await this.#options.fetch(url.href, { ...init, redirect: 'manual' })
    this.#status = response.status
    return this.#bound(response)
  }

  #mayCall(): Promise<boolean> {
    const { fetch, isTrusted, signal } = this.#options
    this.#isPublic ??= isTrusted
      ? Promise.resolve(true)
      : resolvesToPublic(fetch, toHost(this.#server.url), signal)
    return this.#isPublic
  }

  #bound(response: Response): Response {
    if (response.body === null) {
      return response
    }
    let remaining = maxBytes
    const fail = (): Error => this.fail(`it sent more than ${maxBytes / 1024 / 1024} MB`)
    const bounded = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        remaining -= chunk.length
        if (remaining < 0) {
          controller.error(fail())
        } else {
          controller.enqueue(chunk)
        }
      },
    })
    const headers = new Headers(response.headers)
    // The bytes are decoded already.
    headers.delete('content-encoding')
    headers.delete('content-length')
    const { status, statusText } = response
    return new Response(response.body.pipeThrough(bounded), { status, statusText, headers })
  }

  /** Nothing more can be expected of the server. */
  fail(message: string): McpHttpError {
    const error = new McpHttpError(message)
    this.#controller.abort(error)
    return error
  }
}
