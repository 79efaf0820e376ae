/** Batches as Anthropic's API shows them (https://docs.claude.com/en/api/creating-message-batches). */
import type { BatchCounts, BatchState } from './protocol.ts'

/** A batch as clients receive it; times are ISO 8601 in UTC. */
export interface MessageBatch {
  id: string
  type: 'message_batch'
  processing_status: BatchState['status']
  request_counts: BatchCounts
  created_at: string
  expires_at: string
  ended_at: string | null
  archived_at: string | null
  cancel_initiated_at: string | null
  results_url: string | null
}

/** `origin`: of the gateway, without a slash at its end: SDKs read results there with the key. */
export function toMessageBatch(state: BatchState, origin: string): MessageBatch {
  const { id, status, counts, createdAt, expiresAt, canceledAt, endedAt, archivedAt } = state
  const hasResults = endedAt !== undefined && archivedAt === undefined
  return {
    id,
    type: 'message_batch',
    processing_status: status,
    request_counts: counts,
    created_at: new Date(createdAt).toISOString(),
    expires_at: new Date(expiresAt).toISOString(),
    ended_at: toTime(endedAt),
    archived_at: toTime(archivedAt),
    cancel_initiated_at: toTime(canceledAt),
    results_url: hasResults ? `${origin}/v1/messages/batches/${id}/results` : null,
  }
}

function toTime(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}
