/**
 * Fetches pages itself: only from public hosts, at each step of a redirect, and without
 * credentials.
 */
import type { WebFetchError } from '../../anthropic/answer/wire/server-tools.ts'
import { readBytes } from '../../platform/read-bytes.ts'
import type { WebFetchSettings } from '../settings.ts'
import type { ToolServices } from '../tool.ts'
import type { PageRead } from './read-page.ts'
import { readResponse } from './read-page.ts'
import { resolvesToPublic } from './resolve-host.ts'
import { allowsPath } from './robots.ts'
import { guardUrl, toHost } from './url-guard.ts'

const withinMs = 15_000
const maxRedirects = 5
const defaultMaxBytes = 2_000_000
const maxRobotsBytes = 512 * 1024

/** Sites behind some networks return Markdown on request. */
const headers = {
  accept:
    'text/markdown, text/html;q=0.9, application/xhtml+xml;q=0.9, application/pdf;q=0.9, text/*;q=0.8, */*;q=0.1',
  'user-agent': 'messages-gateway web_fetch',
}

interface PageLimits {
  signal: AbortSignal
  /** Whether the client's domain lists allow a page. */
  allows: (url: URL) => boolean
}

/** Fetches pages of public hosts, with the redirects that lead to them. */
export class DirectPages {
  readonly #settings: WebFetchSettings
  readonly #services: ToolServices

  constructor(settings: WebFetchSettings, services: ToolServices) {
    this.#settings = settings
    this.#services = services
  }

  /** Fetches a page, which {@link guardUrl} has let pass. Never rejects. */
  async read(url: URL, { signal, allows }: PageLimits): Promise<PageRead> {
    const either = AbortSignal.any([signal, AbortSignal.timeout(withinMs)])
    try {
      return await this.#follow(url, { signal: either, allows })
    } catch (error) {
      const detail = error instanceof Error ? error.name : 'unknown error'
      return { error: 'url_not_accessible', detail: `direct: ${detail}` }
    }
  }

  async #follow(first: URL, limits: PageLimits): Promise<PageRead> {
    let url = first
    for (let hops = 0; hops <= maxRedirects; hops += 1) {
      const refused = await this.#refusal(url, limits)
      if (refused !== undefined) {
        return { error: refused, detail: undefined }
      }
      const response = await this.#services.fetch(url.href, {
        headers,
        redirect: 'manual',
        signal: limits.signal,
      })
      const location = response.headers.get('location')
      if (response.status < 300 || response.status >= 400 || location === null) {
        return this.#toPage(response, url)
      }
      await response.body?.cancel()
      const next = guardUrl(URL.parse(location, url)?.href ?? '', this.#services.ownHosts)
      if ('error' in next || (url.protocol === 'https:' && next.url.protocol === 'http:')) {
        return { error: 'url_not_allowed', detail: undefined }
      }
      url = next.url
    }
    return { error: 'url_not_accessible', detail: 'direct: too many redirects' }
  }

  async #refusal(url: URL, { signal, allows }: PageLimits): Promise<WebFetchError | undefined> {
    const isPublic = await resolvesToPublic(this.#services.fetch, toHost(url), signal)
    if (!isPublic || !allows(url)) {
      return 'url_not_allowed'
    }
    return this.#settings.robots === true && !(await this.#isForRobots(url, signal))
      ? 'url_not_allowed'
      : undefined
  }

  /** A site without `robots.txt` allows everything. */
  async #isForRobots(url: URL, signal: AbortSignal): Promise<boolean> {
    const response = await this.#services.fetch(new URL('/robots.txt', url).href, {
      headers: { 'user-agent': headers['user-agent'] },
      redirect: 'manual',
      signal,
    })
    const bytes = response.ok ? await readBytes(response.body, maxRobotsBytes) : undefined
    return (
      bytes === undefined || allowsPath(new TextDecoder().decode(bytes), url.pathname + url.search)
    )
  }

  async #toPage(response: Response, url: URL): Promise<PageRead> {
    if (!response.ok) {
      await response.body?.cancel()
      const error = response.status === 429 ? 'too_many_requests' : 'url_not_accessible'
      return { error, detail: `direct: status ${response.status}` }
    }
    return readResponse(response, url.href, this.#settings.max_bytes ?? defaultMaxBytes)
  }
}
