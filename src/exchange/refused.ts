/** A request for an upstream, without the fields that this one is known to refuse. */
import type { Report } from '../anthropic/report.ts'
import type { MessagesRequest } from '../anthropic/request/request.ts'
import type { UpstreamRequest } from '../dialects/dialect.ts'
import type { RefusedField } from './policy/refused-field.ts'
import { withoutRefused } from './policy/refused-field.ts'

/** Reports what the client loses by it. The same request where it loses nothing. */
export function leaveOut(
  upstreamRequest: UpstreamRequest,
  refused: readonly RefusedField[],
  { stop_sequences: stops }: MessagesRequest,
  report: Report,
): UpstreamRequest {
  const { body, found } = withoutRefused({ ...upstreamRequest.body }, refused)
  if (found.length === 0) {
    return upstreamRequest
  }
  for (const { field, instead } of found) {
    if (instead === undefined) {
      tell(field, report)
    }
  }
  const isUnstopped = found.some(({ field }) => field === 'stop')
  const enforceStops = isUnstopped
    ? [...new Set(stops ?? [])].filter((sequence) => sequence !== '')
    : upstreamRequest.enforceStops
  return { ...upstreamRequest, body, enforceStops }
}

/** What the client calls it; what it never asked for is no loss. */
function tell(field: string, report: Report): void {
  const asked = Object.hasOwn(clientFields, field) ? clientFields[field] : undefined
  if (asked === undefined) {
    report.ignore(field)
  } else if (asked !== null) {
    report.drop(asked)
  }
}

/** Null for what the gateway does in the upstream's place. */
const clientFields: Readonly<Record<string, string | null>> = {
  temperature: 'temperature',
  top_p: 'top_p',
  top_k: 'top_k',
  max_tokens: 'max_tokens',
  max_completion_tokens: 'max_tokens',
  max_output_tokens: 'max_tokens',
  stop: null,
  tool_choice: 'tool_choice',
  parallel_tool_calls: 'tool_choice.disable_parallel_tool_use',
  response_format: 'output_config.format',
  text: 'output_config.format',
  outputConfig: 'output_config.format',
  reasoning: 'thinking',
  reasoning_effort: 'thinking',
  thinking: 'thinking',
  enable_thinking: 'thinking',
  thinking_budget: 'thinking',
  chat_template_kwargs: 'thinking',
  additionalModelRequestFields: 'thinking',
  service_tier: 'service_tier',
}
