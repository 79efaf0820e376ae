import type { Context } from 'hono'

import type { AppEnv } from '../../env.ts'

/** Answers with an error of OAuth (RFC 6749, section 5.2), which is no error of Anthropic's API. */
export function refuseOauth(
  c: Context<AppEnv>,
  status: 400 | 401 | 429,
  error: string,
  description: string,
): Response {
  const headers = { 'cache-control': 'no-store', ...(status === 429 && { 'retry-after': '600' }) }
  return c.json({ error, error_description: description }, { status, headers })
}
