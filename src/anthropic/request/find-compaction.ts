/** The last compaction of a conversation: what is before it counts no more. */
import type { MessageParam } from './request.ts'

/** The place of a compaction block, as indices of its message and block, and its summary. */
export interface FoundCompaction {
  /** The index of its message, and its own in that. */
  message: number
  block: number
  summary: string
}

/** Undefined if there is none. A compaction that failed has no summary, and no effect. */
export function findCompaction(messages: readonly MessageParam[]): FoundCompaction | undefined {
  for (let message = messages.length - 1; message >= 0; message -= 1) {
    const content = messages[message]?.content
    for (let block = (content?.length ?? 0) - 1; block >= 0; block -= 1) {
      const found = typeof content === 'string' ? undefined : content?.[block]
      if (found?.type === 'other' && found.raw.type === 'compaction') {
        const summary = found.raw['content']
        if (typeof summary === 'string') {
          return { message, block, summary }
        }
      }
    }
  }
  return undefined
}

/** What a model reads in place of what was summarized. */
export function toSummaryText(summary: string): string {
  return `Summary of the conversation so far:\n\n${summary}`
}
