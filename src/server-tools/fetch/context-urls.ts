/**
 * The URLs that a model may fetch: those in content of users, tools and search results, not those
 * that it made up itself, which could carry the conversation to a stranger
 * (https://docs.claude.com/en/docs/agents-and-tools/tool-use/web-fetch-tool#url-validation).
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../anthropic/json.ts'
import { readPage, readResults } from '../history/read-blocks.ts'

/** What counts as a source (`url_sources` of the client's tool). */
type Source = 'user_input' | 'client_tool_results' | 'server_tool_results'

/** A URL, or a host with a path as people write it; trailing punctuation is not part of it. */
const urlPattern =
  /(?<![\p{L}\p{N}-])(?:https?:\/\/)?[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?::\d+)?(?:\/[^\s<>"'`\\]*)?(?:\?[^\s<>"'`\\]*)?/giu

/** The URLs of a conversation that count. */
export class ContextUrls {
  readonly #known = new Set<string>()
  readonly #tool: JsonObject

  /** `tool`: the client's entry of web fetch. */
  constructor(messages: readonly unknown[], tool: JsonObject) {
    this.#tool = tool
    const tools = new Map<string, string>()
    for (const message of messages) {
      if (isObject(message)) {
        this.#addMessage(message, tools)
      }
    }
  }

  has(url: URL): boolean {
    return this.#known.has(toKey(url.href))
  }

  /** `tools`: names by the ids of calls so far. */
  #addMessage({ role, content }: JsonObject, tools: Map<string, string>): void {
    if (role === 'user' && typeof content === 'string') {
      this.#add('user_input', content)
    }
    for (const block of asArray(content).filter(isObject)) {
      if (role === 'assistant') {
        tools.set(asString(block['id']) ?? '', asString(block['name']) ?? '')
        this.#addServerResult(block, tools)
      } else if (role === 'user') {
        this.#addUserBlock(block, tools)
      }
    }
  }

  #addUserBlock(block: JsonObject, tools: ReadonlyMap<string, string>): void {
    const isResult = block['type'] === 'tool_result'
    const name = tools.get(asString(block['tool_use_id']) ?? '')
    for (const text of textsOf(block)) {
      this.#add(isResult ? 'client_tool_results' : 'user_input', text, name)
    }
  }

  #addServerResult(block: JsonObject, tools: ReadonlyMap<string, string>): void {
    const name = tools.get(asString(block['tool_use_id']) ?? '')
    const page = readPage(block)
    if (page !== undefined) {
      this.#add('server_tool_results', `${page.url} ${page.text}`, name)
    }
    for (const { url, text } of readResults(block, 1) ?? []) {
      this.#add('server_tool_results', `${url} ${text ?? ''}`, name)
    }
  }

  #add(source: Source, text: string, tool?: string): void {
    if (!counts(asObject(asObject(this.#tool['url_sources'])?.[source]), tool)) {
      return
    }
    for (const [match] of text.matchAll(urlPattern)) {
      this.#known.add(toKey(match))
      this.#known.add(toKey(withoutEnd(match, punctuation)))
    }
  }
}

function counts(filter: JsonObject | undefined, tool: string | undefined): boolean {
  const names = new Set(asArray(filter?.['tools']).map((entry) => asObject(entry)?.['name']))
  switch (filter?.['type']) {
    case 'none':
      return false
    case 'only':
      return names.has(tool)
    case 'except':
      return !names.has(tool)
    default:
      return true
  }
}

/** The texts of a block: its own, and those of its content. */
function textsOf(block: JsonObject): string[] {
  const { text, content, source } = block
  const own = [text, typeof content === 'string' ? content : undefined, asObject(source)?.['data']]
  const inner = asArray(content).filter(isObject).flatMap(textsOf)
  return [...own.filter((each) => typeof each === 'string'), ...inner]
}

/** Characters that follow a URL in a sentence. */
const punctuation = '.,;:!?)]}*_'

/** The text without those characters at its end. */
function withoutEnd(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text.charAt(end - 1))) {
    end -= 1
  }
  return text.slice(0, end)
}

/** What makes two URLs the same: host, path and query. */
function toKey(text: string): string {
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`)
  return url === null
    ? ''
    : `${url.host.replace(/\.$/, '')}${withoutEnd(url.pathname, '/')}${url.search}`
}
