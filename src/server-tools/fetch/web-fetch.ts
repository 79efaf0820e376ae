/**
 * Web fetch: reads a page that the conversation names, and sends client and model the same text.
 */
import type {
  ServerResultBlock,
  WebFetchError,
  WebFetchResult,
} from '../../anthropic/answer/wire/server-tools.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asCount, asObject, asString, parseJson } from '../../anthropic/json.ts'
import type { Report } from '../../anthropic/report.ts'
import type { FetchedPage } from '../back-ends/back-end.ts'
import { reportEntry, toFunction } from '../definition.ts'
import { toErrorResult, toFreeRun } from '../result.ts'
import { DomainRules } from '../search/domain-rules.ts'
import { cut } from '../search/plain-text.ts'
import type { WebFetchSettings } from '../settings.ts'
import type { Run, RunContext, ServerCall, ServerTool, ToolServices } from '../tool.ts'
import { ContextUrls } from './context-urls.ts'
import type { PageRead } from './read-page.ts'
import { guardUrl } from './url-guard.ts'

const defaultCharacters = 100_000
const charactersPerToken = 4

/** The source of pages. */
export interface Pages {
  /** USD per 1,000 pages. */
  price: number
  /** Never rejects. */
  read: (
    url: URL,
    limits: { signal: AbortSignal; allows: (url: URL) => boolean },
  ) => Promise<PageRead>
}

/** The server tool `web_fetch`. */
export class WebFetch implements ServerTool {
  readonly name = 'web_fetch'
  readonly select = undefined
  readonly definition: JsonObject
  readonly price: number
  readonly #tool: JsonObject
  readonly #rules: DomainRules
  readonly #pages: Pages
  readonly #settings: WebFetchSettings
  readonly #services: ToolServices

  /** `tool`: the client's entry, at `path`. Throws a GatewayError `invalid_request` for one that is contradictory. */
  constructor(
    { tool, path }: { tool: JsonObject; path: string },
    { pages, settings }: { pages: Pages; settings: WebFetchSettings },
    services: ToolServices,
  ) {
    this.#tool = tool
    this.#rules = new DomainRules(tool, path)
    this.#pages = pages
    this.#settings = settings
    this.#services = services
    this.price = settings.price ?? pages.price
    this.definition = toFunction(offered, { url: 'The URL of the page.' }, tool)
  }

  report(path: string, report: Report): void {
    reportEntry(this.#tool, path, this.#settings.back_end, report)
  }

  async run(call: ServerCall, { signal, messages }: RunContext): Promise<Run> {
    const text = asString(asObject(parseJson(call.json))?.['url'])?.trim() ?? ''
    const guarded =
      text === ''
        ? { error: 'invalid_tool_input' as const }
        : guardUrl(text, this.#services.ownHosts)
    if ('error' in guarded) {
      return this.#toFailed(call, guarded.error)
    }
    const { url } = guarded
    if (!this.#rules.allows(url)) {
      return this.#toFailed(call, 'url_not_allowed')
    }
    if (!new ContextUrls(messages, this.#tool).has(url)) {
      return this.#toFailed(call, 'url_not_in_prior_context')
    }
    const read = await this.#pages.read(url, {
      signal,
      allows: (page) => this.#rules.allows(page),
    })
    return 'error' in read
      ? this.#toFailed(call, read.error, read.detail)
      : { block: this.#toBlock(call, read.page), billed: 'web_fetch', failed: undefined }
  }

  refuse({ id }: ServerCall, code: WebFetchError): ServerResultBlock {
    return toErrorResult('web_fetch', id, code)
  }

  get #isCited(): boolean {
    return asObject(this.#tool['citations'])?.['enabled'] === true
  }

  #toFailed(call: ServerCall, code: WebFetchError, failed?: string): Run {
    return toFreeRun(this.refuse(call, code), failed)
  }

  #toBlock({ id }: ServerCall, { url, title, text }: FetchedPage): ServerResultBlock {
    const { max_characters = defaultCharacters } = this.#settings
    const tokens = asCount(this.#tool['max_content_tokens'])
    const limit = Math.min(max_characters, (tokens ?? Infinity) * charactersPerToken)
    const content: WebFetchResult = {
      type: 'web_fetch_result',
      url,
      retrieved_at: new Date(this.#services.now()).toISOString(),
      content: {
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: cut(text, limit) },
        title: title ?? null,
        ...(this.#isCited ? { citations: { enabled: true } } : {}),
      },
    }
    return { type: 'web_fetch_tool_result', tool_use_id: id, content }
  }
}

const offered = {
  name: 'web_fetch',
  description:
    'Fetches a web page and returns its text. Only URLs that appear in the conversation can be fetched: those that the user, a tool or a search result gave.',
}
