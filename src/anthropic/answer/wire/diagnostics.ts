/** Why a prompt was not read from a cache, in Anthropic's fields. Types only. */

/** The reason for a cache miss. */
export type CacheMissReason =
  | {
      type: 'model_changed' | 'system_changed' | 'tools_changed' | 'messages_changed'
      /** Approximately. */
      cache_missed_input_tokens: number
    }
  | { type: 'previous_message_not_found' | 'unavailable' }

/** The `diagnostics` of a message: why its prompt was not read from a cache. */
export interface Diagnostics {
  cache_miss_reason: CacheMissReason
}
