/** Thinking of the history that the upstream does not get. */
import type { Report } from '../../../anthropic/report.ts'

/** Reports it once for all messages: clients return thinking as a matter of course. */
export function ignoreThinking(report: Report): void {
  report.ignore('messages.thinking')
}
