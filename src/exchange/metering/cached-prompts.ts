/**
 * How much of each conversation's prompt its upstream had cached at the last turn: what an aborted turn
 * would have read from the cache. Kept by an isolate, since it only improves an estimate.
 */
import type { TokenUsage } from '../../anthropic/answer/part.ts'

const maxConversations = 1000

export class CachedPrompts {
  readonly #tokens = new Map<string, number>()

  /** Of a turn whose usage the upstream reported. */
  remember(conversation: string, { cacheRead, cacheWrite }: TokenUsage): void {
    this.#tokens.delete(conversation)
    const oldest =
      this.#tokens.size >= maxConversations ? this.#tokens.keys().next().value : undefined
    if (oldest !== undefined) {
      this.#tokens.delete(oldest)
    }
    this.#tokens.set(conversation, cacheRead + cacheWrite)
  }

  /** Tokens; 0 for a conversation that is not known. */
  find(conversation: string): number {
    return this.#tokens.get(conversation) ?? 0
  }
}
