/**
 * The pages that a client allows: `allowed_domains` or `blocked_domains` of a tool
 * (https://docs.claude.com/en/docs/agents-and-tools/tool-use/web-search-tool#domain-filtering).
 */
import { invalidAt } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray } from '../../anthropic/json.ts'

/** A host, its subdomains included, and the beginning of a path, which may contain one `*`. */
interface DomainRule {
  host: string
  path: string
}

/** The domain rules of one tool. */
export class DomainRules {
  readonly #allowed: readonly DomainRule[]
  readonly #blocked: readonly DomainRule[]

  /**
   * Reads the rules of the client's entry `tool`. Throws a GatewayError `invalid_request` if it has
   * both lists.
   */
  constructor(tool: JsonObject, path: string) {
    this.#allowed = readRules(tool['allowed_domains'])
    this.#blocked = readRules(tool['blocked_domains'])
    if (this.#allowed.length > 0 && this.#blocked.length > 0) {
      throw invalidAt(path, 'only one of `allowed_domains` and `blocked_domains` may be given.')
    }
  }

  /** Hosts of the rules; a back end's filter may let more pass than {@link allows}. */
  get allowedHosts(): string[] {
    return [...new Set(this.#allowed.map(({ host }) => host))]
  }

  /** Hosts that are blocked as a whole. */
  get blockedHosts(): string[] {
    return [...new Set(this.#blocked.filter(({ path }) => path === '').map(({ host }) => host))]
  }

  /** Whether any rule is about a part of a host. */
  get hasPaths(): boolean {
    return [...this.#allowed, ...this.#blocked].some(({ path }) => path !== '')
  }

  allows(url: URL): boolean {
    return (
      (this.#allowed.length === 0 || this.#allowed.some((rule) => matches(rule, url))) &&
      !this.#blocked.some((rule) => matches(rule, url))
    )
  }
}

function readRules(list: unknown): DomainRule[] {
  return asArray(list)
    .filter((entry) => typeof entry === 'string')
    .map((entry) => {
      const bare = entry.trim().replace(/^[a-z]+:\/\//i, '')
      const slash = bare.indexOf('/')
      const host = slash === -1 ? bare : bare.slice(0, slash)
      const path = slash === -1 ? '' : bare.slice(slash)
      return { host: host.toLowerCase().replace(/^\*\.|\.$/g, ''), path: path === '/' ? '' : path }
    })
    .filter(({ host }) => host !== '')
}

function matches({ host, path }: DomainRule, url: URL): boolean {
  const hostname = url.hostname.replace(/\.$/, '')
  return (hostname === host || hostname.endsWith(`.${host}`)) && matchesPath(path, url.pathname)
}

function matchesPath(rule: string, pathname: string): boolean {
  const star = rule.indexOf('*')
  if (star === -1) {
    return pathname.startsWith(rule)
  }
  const [before, after] = [rule.slice(0, star), rule.slice(star + 1)]
  return pathname.startsWith(before) && pathname.includes(after, before.length)
}
