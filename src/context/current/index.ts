/** What a conversation has set of tools, effort and budget so far, as the fields that any model has. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, isObject } from '../../anthropic/json.ts'
import type { Report } from '../../anthropic/report.ts'
import { listRawToolChanges } from '../../anthropic/request/tool-changes.ts'
import { withTaskBudget } from './task-budget.ts'
import { withInlineTools } from './tools.ts'

/**
 * The request with its current fields; the same object where they are as they were sent. Throws a GatewayError
 * `invalid_request` for a budget that is none.
 */
export function toCurrent(json: JsonObject): JsonObject {
  const fields = {
    messages: withTaskBudget(json),
    tools: withInlineTools(json),
    output_config: withCurrentEffort(json),
  }
  const changed = Object.entries(fields).filter(([key, value]) => value !== json[key])
  return changed.length === 0 ? json : { ...json, ...Object.fromEntries(changed) }
}

/** Reports what {@link toCurrent} changes. */
export function reportCurrent(json: JsonObject, report: Report): void {
  if (isObject(asObject(json['output_config'])?.['task_budget'])) {
    report.map('output_config.task_budget', 'text')
  }
  for (const [index, message] of asArray(json['messages']).entries()) {
    const defines =
      isObject(message) && listRawToolChanges(message).some(({ definition }) => definition)
    if (defines) {
      report.map(`messages.${index}.content`, 'tools')
    }
  }
}

/**
 * The `output_config` with the last effort that a message sets (beta `mid-conversation-output-config-2026-07-01`); the
 * same value if none does.
 */
function withCurrentEffort({ messages, output_config: config }: JsonObject): unknown {
  const set = asArray(messages)
    .map((message) => asObject(asObject(message)?.['output_config']))
    .findLast((own) => own !== undefined && 'effort' in own)
  return set === undefined ? config : { ...asObject(config), effort: set['effort'] }
}
