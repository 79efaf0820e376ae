/** What clients always send, and what no upstream of ours but Anthropic has a use for. */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'

const readers = {
  metadata: ({ metadata }: MessagesRequest) => metadata,
  service_tier: ({ service_tier }: MessagesRequest) => service_tier,
  'thinking.display': ({ thinking }: MessagesRequest) => thinking?.display,
} as const

/** Reports those of the fields that the request has. */
export function ignoreFields(
  request: MessagesRequest,
  fields: readonly (keyof typeof readers)[],
  report: Report,
): void {
  for (const field of fields) {
    const value = readers[field](request)
    if (value !== null && value !== undefined) {
      report.ignore(field)
    }
  }
}
