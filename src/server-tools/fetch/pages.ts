/** The sources of pages, by the names that catalogs use. */
import { asString, isObject } from '../../anthropic/json.ts'
import { asBinding } from '../../platform/binding.ts'
import { BackEndClient } from '../back-end-client.ts'
import type { FetchBackEnd } from '../back-ends/back-end.ts'
import { fetchBackEnds } from '../back-ends/index.ts'
import type { WebFetchSettings } from '../settings.ts'
import type { ToolServices } from '../tool.ts'
import { DirectPages } from './direct-pages.ts'
import { resolvesToPublic } from './resolve-host.ts'
import { toHost } from './url-guard.ts'
import type { Pages } from './web-fetch.ts'

/** Services render pages before they read them. */
const withinMs = 30_000
const maxBytes = 8 * 1024 * 1024

/** Undefined for a name that there is not. */
export async function findPages(
  settings: WebFetchSettings,
  services: ToolServices,
): Promise<Pages | undefined> {
  const { back_end: name } = settings
  if (name === 'direct') {
    const direct = new DirectPages(settings, services)
    return { price: 0, read: (url, limits) => direct.read(url, limits) }
  }
  if (name === 'browser') {
    return toBrowserPages(services)
  }
  const backEnd = Object.hasOwn(fetchBackEnds, name) ? await fetchBackEnds[name]?.() : undefined
  return backEnd && toServicePages(backEnd, settings, services)
}

/** A service fetches from its own network, and protects its own addresses. */
function toServicePages(
  backEnd: FetchBackEnd,
  settings: WebFetchSettings,
  services: ToolServices,
): Pages {
  const client = new BackEndClient(backEnd, settings, services)
  return {
    price: backEnd.price,
    async read(url, { signal }) {
      const answer = await client.ask((access) => backEnd.toRequest(url.href, access), {
        signal,
        maxMs: withinMs,
        maxBytes,
      })
      if ('failure' in answer) {
        const error =
          answer.failure === 'invalid_tool_input' ? 'url_not_accessible' : answer.failure
        return { error, detail: answer.detail }
      }
      const page = backEnd.read(answer.json, url.href)
      return page === undefined
        ? { error: 'url_not_accessible', detail: `${settings.back_end}: unexpected JSON` }
        : { page }
    },
  }
}

/** Cloudflare Browser Run (https://developers.cloudflare.com/browser-rendering/): renders pages that need scripts. */
function toBrowserPages({ binding, fetch }: ToolServices): Pages {
  return {
    // Billed by the browser's time, which is not reported.
    price: 0,
    async read(url, { signal }) {
      const browser = asBinding<Browser>(binding('BROWSER'), 'quickAction')
      if (browser === undefined) {
        return { error: 'unavailable', detail: 'browser: the binding BROWSER is missing' }
      }
      try {
        if (!(await resolvesToPublic(fetch, toHost(url), signal))) {
          return { error: 'url_not_allowed', detail: undefined }
        }
        const result = await browser.quickAction('markdown', { url: url.href })
        const text = await readMarkdown(result)
        return text === undefined
          ? { error: 'url_not_accessible', detail: 'browser: unexpected result' }
          : { page: { url: url.href, title: undefined, text } }
      } catch (error) {
        const detail = error instanceof Error ? error.name : 'unknown error'
        return { error: 'url_not_accessible', detail: `browser: ${detail}` }
      }
    },
  }
}

interface Browser {
  quickAction: (action: 'markdown', options: { url: string }) => Promise<unknown>
}

/** The text itself, a response with it, or an object that has it as its result. */
async function readMarkdown(result: unknown): Promise<string | undefined> {
  const value: unknown = result instanceof Response ? await readBody(result) : result
  return isObject(value) ? asString(value['result'] ?? value['markdown']) : asString(value)
}

async function readBody(response: Response): Promise<unknown> {
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return response.ok ? await (isJson ? response.json() : response.text()) : undefined
}
