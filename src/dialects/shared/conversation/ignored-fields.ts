/** Fields that clients always send and that only Anthropic uses. */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'

const readers = {
  metadata: ({ metadata }: MessagesRequest) => metadata,
  service_tier: ({ service_tier }: MessagesRequest) => service_tier,
  'thinking.display': ({ thinking }: MessagesRequest) => thinking?.display,
} as const

/** Reports the given fields as ignored if the request has them. */
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
