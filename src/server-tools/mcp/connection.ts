/**
 * The connection to one MCP server during one answer, by the official SDK: Streamable HTTP, or what older
 * servers speak, HTTP with server-sent events (https://modelcontextprotocol.io/specification/2025-11-25/basic/transports).
 */
import type { Client, Transport } from '@modelcontextprotocol/client'

import type { McpListedTool } from '../../anthropic/answer/wire/server-tools.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { append } from '../../platform/append.ts'
import type { ServerHttpOptions } from './server-http.ts'
import { McpHttpError, ServerHttp } from './server-http.ts'
import type { McpServer } from './toolset.ts'
import { readListing } from './toolset.ts'

/** The milliseconds for the handshake, and for a page of the listing. */
const handshakeMs = 20_000
const callMs = 60_000
const closeMs = 5000

const maxTools = 500
const maxListingCharacters = 1024 * 1024

/** Statuses after which a server may be an older one. */
const olderServer = new Set([400, 404, 405])

/** Why a server cannot be used; `message` has nothing that the server wrote. */
export class McpFailure extends Error {
  override readonly name = 'McpFailure'
  readonly isUnauthorized: boolean

  constructor(message: string, isUnauthorized: boolean) {
    super(message)
    this.isUnauthorized = isUnauthorized
  }
}

/** What a tool returned. */
export interface McpCallResult {
  content: readonly unknown[]
  structured: unknown
  isError: boolean
}

/** A connection to one MCP server, which opens with its first call. */
export class McpConnection {
  readonly #server: McpServer
  readonly #http: ServerHttp
  #client: Promise<Client> | undefined
  #endSession: (() => Promise<void>) | undefined

  constructor(server: McpServer, options: ServerHttpOptions) {
    this.#server = server
    this.#http = new ServerHttp(server, options)
  }

  /** All tools of the server. Rejects with an {@link McpFailure}. */
  async list(signal: AbortSignal): Promise<McpListedTool[]> {
    return this.#attempt(async () => {
      const tools: McpListedTool[] = []
      let cursor: string | undefined
      do {
        const page = await this.#listPage(cursor, signal)
        append(tools, page.tools)
        cursor = page.cursor
        if (tools.length > maxTools || JSON.stringify(tools).length > maxListingCharacters) {
          throw new McpFailure('its tool list is too long', false)
        }
      } while (cursor !== undefined)
      return tools
    })
  }

  /** Calls a tool. Rejects with an {@link McpFailure}. */
  async call(name: string, input: JsonObject, signal: AbortSignal): Promise<McpCallResult> {
    return this.#attempt(async () => {
      const client = await this.#connect(signal)
      const result = await client.request(
        { method: 'tools/call', params: { name, arguments: input } },
        { signal: this.#either(signal), timeout: callMs },
      )
      return {
        content: result.content,
        structured: result.structuredContent,
        isError: result.isError === true,
      }
    })
  }

  /** Ends the session. Never rejects. */
  async close(): Promise<void> {
    try {
      const client = await this.#client
      await Promise.race([
        this.#endSession?.(),
        new Promise((resolve) => AbortSignal.timeout(closeMs).addEventListener('abort', resolve)),
      ])
      await client?.close()
    } catch {
      // The server ends sessions that are not used by itself.
    }
  }

  async #listPage(
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<{ tools: McpListedTool[]; cursor: string | undefined }> {
    const client = await this.#connect(signal)
    const params = cursor === undefined ? {} : { cursor }
    const { tools, nextCursor } = await client.request(
      { method: 'tools/list', params },
      { signal: this.#either(signal), timeout: handshakeMs },
    )
    const listed = tools.map((tool) => ({ ...tool, input_schema: tool.inputSchema }))
    return { tools: readListing(listed), cursor: nextCursor }
  }

  #connect(signal: AbortSignal): Promise<Client> {
    this.#client ??= this.#open(signal)
    return this.#client
  }

  async #open(signal: AbortSignal): Promise<Client> {
    const sdk = await import('@modelcontextprotocol/client')
    const { url, token } = this.#server
    const requestInit = token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }
    const start = async (transport: Transport): Promise<Client> => {
      const client = new sdk.Client(clientInfo)
      await client.connect(transport, { signal: this.#either(signal), timeout: handshakeMs })
      return client
    }
    const current = new sdk.StreamableHTTPClientTransport(url, {
      requestInit,
      fetch: (target, init) => this.#post(target, init),
      reconnectionOptions: noReconnection,
    })
    try {
      const client = await start(current)
      this.#endSession = () => current.terminateSession()
      return client
    } catch (error) {
      if (!olderServer.has(this.#http.status ?? 0) || this.#http.signal.aborted) {
        throw error
      }
    }
    const fetch = this.#once()
    return start(new sdk.SSEClientTransport(url, { requestInit, fetch }))
  }

  /** Opens no stream of unsolicited messages, since it would take a request of its own. */
  async #post(target: string | URL, init: RequestInit | undefined): Promise<Response> {
    return init?.method === 'GET'
      ? new Response(null, { status: 405 })
      : this.#http.fetch(target, init)
  }

  /** A stream of events that ends is not opened again, as the calls that wait for it are lost. */
  #once(): (target: string | URL, init?: RequestInit) => Promise<Response> {
    let hasStream = false
    return (target, init) => {
      const opensStream = init?.method !== 'POST'
      if (opensStream && hasStream) {
        throw this.#http.fail('it closed the connection')
      }
      hasStream ||= opensStream
      return this.#http.fetch(target, init)
    }
  }

  #either(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#http.signal])
  }

  async #attempt<Result>(act: () => Promise<Result>): Promise<Result> {
    try {
      return await act()
    } catch (error) {
      throw this.#toFailure(error)
    }
  }

  /** The SDK's messages have text of the server's, which may have the token. */
  #toFailure(error: unknown): McpFailure {
    if (error instanceof McpFailure) {
      return error
    }
    const { signal, status = 0 } = this.#http
    const reason: unknown = signal.aborted ? signal.reason : error
    if (reason instanceof McpHttpError) {
      return new McpFailure(reason.message, false)
    }
    if (status === 401 || status === 403) {
      return new McpFailure(`status ${status}`, true)
    }
    if (status >= 300) {
      return new McpFailure(`status ${status}`, false)
    }
    return new McpFailure(describe(error), false)
  }
}

const clientInfo = { name: 'messages-gateway', version: '1.0.0' }

const noReconnection = {
  maxRetries: 0,
  initialReconnectionDelay: 1000,
  maxReconnectionDelay: 1000,
  reconnectionDelayGrowFactor: 1,
}

function describe(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  if (code === 'REQUEST_TIMEOUT' || name === 'TimeoutError') {
    return 'it did not respond in time'
  }
  if (typeof code === 'number') {
    return `JSON-RPC error ${code}`
  }
  return code === 'INVALID_RESULT' || name === 'SyntaxError' || name === 'ZodError'
    ? 'it sent an invalid response'
    : 'it cannot be reached'
}
