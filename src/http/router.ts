/** Hono's smallest router, with the matches of the latest paths cached: it tries every route in turn. */
import type { Result } from 'hono/router'
import { PatternRouter } from 'hono/router/pattern-router'

import { BoundedCache, cacheBounds } from '../platform/bounded-cache.ts'

/** Characters of a path that is cached; a longer one names something, such as a model. */
const maxCachedPath = 64

/** A router that caches which handlers a path has. */
export class CachingRouter<Handler> extends PatternRouter<Handler> {
  readonly #matches = new BoundedCache<Result<Handler>>(cacheBounds.paths)

  override match(method: string, path: string): Result<Handler> {
    const name = `${method} ${path}`
    const known = this.#matches.get(name)
    if (known !== undefined) {
      return known
    }
    const match = super.match(method, path)
    if (path.length <= maxCachedPath) {
      this.#matches.set(name, match)
    }
    return match
  }
}
