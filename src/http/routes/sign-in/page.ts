/** The pages of sign-in: no script, and nothing of another origin. */
import type { Context } from 'hono'
import { html } from 'hono/html'

import { mintSecret } from '../../../identity/secret.ts'
import type { AppEnv } from '../../env.ts'

/** Escaped HTML. */
export type Markup = ReturnType<typeof html>

/** A page of sign-in. */
export interface Page {
  title: string
  body: Markup
  status?: 200 | 400 | 403 | 429
  /** The URL that the browser goes to by itself. */
  next?: string
}

/** Answers with a page. Values in its markup are escaped. */
export function answerPage(c: Context<AppEnv>, page: Page): Response | Promise<Response> {
  const nonce = mintSecret()
  const { title, body, status = 200, next } = page
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`
  const headers = {
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
  }
  const refresh =
    next === undefined ? '' : html`<meta http-equiv="refresh" content="0; url=${next}" />`
  return c.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title}</title>
          ${refresh}
          <style nonce="${nonce}">
            ${css}
          </style>
        </head>
        <body>
          <main>
            <h1>${title}</h1>
            ${body}
          </main>
        </body>
      </html>`,
    { status, headers },
  )
}

const css = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 32rem; margin: 4rem auto; padding: 0 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
strong, input { font: 1.5rem ui-monospace, monospace; letter-spacing: .1em; }
input { width: 100%; box-sizing: border-box; padding: .5rem; text-transform: uppercase; }
button, .button { display: inline-block; font: inherit; padding: .5rem 1rem; margin: 1rem .5rem 0 0; cursor: pointer; }
`
