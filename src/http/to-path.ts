import { getPath } from 'hono/utils/url'

/**
 * Returns the path without a doubled `/v1`: users configure a base URL with `/v1` in SDKs that
 * append it.
 */
export function toPath(request: Request): string {
  const path = getPath(request)
  return path.startsWith('/v1/v1/') ? path.slice('/v1'.length) : path
}
