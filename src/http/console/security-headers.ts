/** The headers that keep a page to itself: no other host, no inline script, no frame, no copy in a cache. */
import type { MiddlewareHandler } from 'hono'

/** Scripts set styles through the CSSOM, which needs no permission. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headers: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  // With `no-referrer`, browsers send the `Origin` of a form as `null`.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
}

/** Adds security headers to every response of the console. */
export const addSecurityHeaders: MiddlewareHandler = async function secure(c, next) {
  await next()
  for (const [name, value] of Object.entries(headers)) {
    c.res.headers.set(name, value)
  }
  if (!c.res.headers.has('cache-control')) {
    c.res.headers.set('cache-control', 'no-store')
  }
  if (new URL(c.req.url).protocol === 'https:') {
    c.res.headers.set('strict-transport-security', 'max-age=31536000')
  }
}
