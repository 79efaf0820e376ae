/** Web search: queries the operator's back end, and sends client and model the same results. */
import type { ServerResultBlock, WebSearchError } from '../../anthropic/answer/wire/server-tools.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString, parseJson } from '../../anthropic/json.ts'
import type { Report } from '../../anthropic/report.ts'
import { BackEndClient } from '../back-end-client.ts'
import type { SearchBackEnd, SearchHit } from '../back-ends/back-end.ts'
import { reportEntry, toFunction } from '../definition.ts'
import { toErrorResult, toFreeRun } from '../result.ts'
import type { WebSearchSettings } from '../settings.ts'
import type { Run, RunContext, ServerCall, ServerTool, ToolServices } from '../tool.ts'
import { DomainRules } from './domain-rules.ts'
import { sealText } from './evidence.ts'
import { cut, toPlainText } from './plain-text.ts'
import { readLocation } from './user-location.ts'

const defaults = { results: 8, characters: 12_000 }

/** The maximal length of one result, since long texts are the cost of a search. */
const maxTextCharacters = 2000

const maxTitleCharacters = 300

/** Anthropic's limit is not published; search engines take a few hundred characters. */
const maxQueryCharacters = 1000

const answerWithinMs = 10_000
const maxAnswerBytes = 4 * 1024 * 1024

/** The server tool `web_search`. */
export class WebSearch implements ServerTool {
  readonly name = 'web_search'
  readonly select = undefined
  readonly definition: JsonObject
  readonly price: number
  readonly #tool: JsonObject
  readonly #rules: DomainRules
  readonly #backEnd: SearchBackEnd
  readonly #settings: WebSearchSettings
  readonly #client: BackEndClient

  /** `tool`: the client's entry, at `path`. Throws a GatewayError `invalid_request` for one that is contradictory. */
  constructor(
    { tool, path }: { tool: JsonObject; path: string },
    { backEnd, settings }: { backEnd: SearchBackEnd; settings: WebSearchSettings },
    services: ToolServices,
  ) {
    this.#tool = tool
    this.#rules = new DomainRules(tool, path)
    this.#backEnd = backEnd
    this.#settings = settings
    this.#client = new BackEndClient(backEnd, settings, services)
    this.price = settings.price ?? backEnd.price
    this.definition = toFunction(offered, { query: 'What to search for.' }, tool)
  }

  report(path: string, report: Report): void {
    reportEntry(this.#tool, path, this.#settings.back_end, report)
  }

  async run(call: ServerCall, { signal }: RunContext): Promise<Run> {
    const query = asString(asObject(parseJson(call.json))?.['query'])?.trim() ?? ''
    if (query === '' || query.length > maxQueryCharacters) {
      const code = query === '' ? 'invalid_tool_input' : 'query_too_long'
      return toFreeRun(this.refuse(call, code))
    }
    const answer = await this.#client.ask(
      (access) => this.#backEnd.toRequest(this.#toQuery(query), access),
      { signal, maxMs: answerWithinMs, maxBytes: maxAnswerBytes },
    )
    if ('failure' in answer) {
      return toFreeRun(this.refuse(call, answer.failure), answer.detail)
    }
    const hits = this.#backEnd.read(answer.json)
    if (hits === undefined) {
      const detail = `${this.#settings.back_end}: unexpected JSON`
      return toFreeRun(this.refuse(call, 'unavailable'), detail)
    }
    return { block: this.#toBlock(call, hits), billed: 'web_search', failed: undefined }
  }

  refuse({ id }: ServerCall, code: WebSearchError): ServerResultBlock {
    return toErrorResult('web_search', id, code)
  }

  #toQuery(query: string) {
    return {
      query,
      maxResults: this.#settings.max_results ?? defaults.results,
      maxCharacters: maxTextCharacters,
      allowedHosts: this.#rules.allowedHosts,
      blockedHosts: this.#rules.blockedHosts,
      location: readLocation(this.#tool['user_location']),
    }
  }

  #toBlock({ id }: ServerCall, hits: readonly SearchHit[]): ServerResultBlock {
    const { max_results = defaults.results, max_characters = defaults.characters } = this.#settings
    const seen = new Set<string>()
    const kept = hits
      .filter(({ url }) => {
        const parsed = URL.parse(url)
        const isNew = parsed !== null && !seen.has(parsed.href)
        seen.add(parsed?.href ?? '')
        return isNew && /^https?:$/.test(parsed.protocol) && this.#rules.allows(parsed)
      })
      .slice(0, max_results)
    const share = Math.min(maxTextCharacters, Math.floor(max_characters / Math.max(1, kept.length)))
    return {
      type: 'web_search_tool_result',
      tool_use_id: id,
      content: kept.map(({ url, title, text, date }) => ({
        type: 'web_search_result',
        url,
        title: cut(toPlainText(title), maxTitleCharacters) || new URL(url).hostname,
        encrypted_content: sealText(cut(toPlainText(text), share)),
        page_age: date ?? null,
      })),
    }
  }
}

const offered = {
  name: 'web_search',
  description:
    'Searches the web and returns pages with excerpts of their text. Use it for what is recent, may have changed, or must be looked up.',
}
