/**
 * How much of each conversation's prompt its upstream had cached at the last turn: what an aborted turn
 * would have read from the cache. Kept by an isolate, since it only improves an estimate.
 */
import type { TokenUsage } from '../../anthropic/answer/part.ts'
import { BoundedCache, cacheBounds } from '../../platform/bounded-cache.ts'

export class CachedPrompts {
  readonly #tokens = new BoundedCache<number>(cacheBounds.cachedPrompts)

  /** Remembers a turn whose usage the upstream reported. */
  remember(conversation: string, { cacheRead, cacheWrite }: TokenUsage): void {
    this.#tokens.set(conversation, cacheRead + cacheWrite)
  }

  /** The tokens of a conversation; 0 for an unknown one. */
  find(conversation: string): number {
    return this.#tokens.get(conversation) ?? 0
  }
}
