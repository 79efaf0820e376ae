/** The effort that a system message sets in the middle of a conversation (beta `mid-conversation-output-config-2026-07-01`). */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject } from '../../anthropic/json.ts'

/** The `output_config` with the last effort that is set; the same value if no message sets any. */
export function withCurrentEffort({ messages, output_config: config }: JsonObject): unknown {
  const set = asArray(messages)
    .map((message) => asObject(asObject(message)?.['output_config']))
    .findLast((own) => own !== undefined && 'effort' in own)
  return set === undefined ? config : { ...asObject(config), effort: set['effort'] }
}
