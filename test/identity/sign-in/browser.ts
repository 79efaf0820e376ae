/** As much of a browser as sign-in needs: cookies, redirects, and forms that are filled in by name. */

export interface Shown {
  url: string
  status: number
  html: string
  headers: Headers
}

export class Browser {
  /** Every URL that was opened. */
  readonly visited: string[] = []
  /** By host and name. */
  readonly #cookies = new Map<string, Map<string, string>>()

  /** Opens a page, and follows redirects, also those of `<meta http-equiv="refresh">`. */
  async open(url: string, init: RequestInit = {}): Promise<Shown> {
    this.visited.push(url)
    const { origin } = new URL(url)
    const headers = new Headers(init.headers)
    headers.set('cookie', this.#cookieHeader(origin))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    this.#keep(origin, response.headers.getSetCookie())
    const location = response.headers.get('location')
    if (location !== null) {
      await response.arrayBuffer()
      return this.open(new URL(location, url).href)
    }
    const html = await response.text()
    const next = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(html)?.[1]
    return next === undefined
      ? { url, status: response.status, html, headers: response.headers }
      : this.open(unescape(next))
  }

  /** Posts the form of a page with these fields beside its hidden ones. */
  async post(page: Shown, fields: Record<string, string>, headers: object = {}): Promise<Shown> {
    const action = /<form[^>]*action="([^"]+)"/.exec(page.html)?.[1] ?? ''
    const hidden = [...page.html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      /name="([^"]*)"/.exec(input)?.[1] ?? '',
      /value="([^"]*)"/.exec(input)?.[1] ?? '',
    ])
    return this.open(new URL(unescape(action), page.url).href, {
      method: 'POST',
      body: new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }),
      headers: { origin: new URL(page.url).origin, ...headers },
    })
  }

  #cookieHeader(origin: string): string {
    return [...(this.#cookies.get(origin) ?? [])]
      .map(([name, value]) => `${name}=${value}`)
      .join('; ')
  }

  #keep(origin: string, lines: readonly string[]): void {
    const cookies = this.#cookies.get(origin) ?? new Map<string, string>()
    this.#cookies.set(origin, cookies)
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) {
        cookies.delete(name)
      } else {
        cookies.set(name, value)
      }
    }
  }
}

function unescape(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"')
}
