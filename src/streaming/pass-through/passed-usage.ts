import type { StopReason, Usage } from '../../anthropic/answer/message.ts'
/** What a message of Anthropic's cost, read for the log and the ledger; nothing is checked for the client. */
import { asCount, asObject, asString } from '../../anthropic/json.ts'

const stopReasons: ReadonlySet<string> = new Set<StopReason>([
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
])

/** Undefined for anything but a usage. */
export function readUsage(value: unknown): Usage | undefined {
  const usage = asObject(value)
  const output = asCount(usage?.['output_tokens'])
  if (usage === undefined || output === undefined) {
    return undefined
  }
  const count = (field: string): number => asCount(usage[field]) ?? 0
  return {
    input_tokens: count('input_tokens'),
    output_tokens: output,
    cache_creation_input_tokens: count('cache_creation_input_tokens'),
    cache_read_input_tokens: count('cache_read_input_tokens'),
  }
}

/** Undefined for a reason that is not known here. */
export function readStopReason(value: unknown): StopReason | undefined {
  const reason = asString(value) ?? ''
  return isStopReason(reason) ? reason : undefined
}

function isStopReason(reason: string): reason is StopReason {
  return stopReasons.has(reason)
}
