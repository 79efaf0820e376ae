/**
 * The share of each conversation's prompt that the upstream had cached at the last turn, as an
 * estimate for an aborted turn. Held per isolate, since it only improves an estimate.
 */
import type { TokenUsage } from '../../anthropic/answer/part.ts'
import { BoundedCache, cacheBounds } from '../../platform/bounded-cache.ts'

/** Remembers per conversation which share of its prompt was cached. */
export class CachedPrompts {
  readonly #shares = new BoundedCache<number>(cacheBounds.cachedPrompts)

  /** Remembers a turn whose usage the upstream reported. */
  remember(conversation: string, { input, cacheRead, cacheWrite }: TokenUsage): void {
    const cached = cacheRead + cacheWrite
    this.#shares.set(conversation, cached === 0 ? 0 : cached / (input + cached))
  }

  /** The cached share of a conversation, from 0 to 1; 0 for an unknown one. */
  find(conversation: string): number {
    return this.#shares.get(conversation) ?? 0
  }
}
