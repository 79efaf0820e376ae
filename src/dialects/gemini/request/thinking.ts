/** Thinking: the client's request as `thinkingConfig`. */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { DialectTarget } from '../../dialect.ts'
import { omitKeys } from '../../shared/schema/schema-walk.ts'
import { toThinkingLevel } from '../../shared/thinking/thinking-level.ts'
import { planThinking } from '../../shared/thinking/thinking-plan.ts'
import type { GeminiQuirks } from '../quirks.ts'

/** The fields of `thinkingConfig`; empty if the model's default applies. */
export function toThinkingConfig(
  request: MessagesRequest,
  target: DialectTarget<GeminiQuirks>,
  maxTokens: number,
  report: Report,
): JsonObject {
  const { budget_range: range, ...quirks } = target.quirks
  const level = toThinkingLevel(request)
  const { fields } = planThinking(level, {
    target: {
      ...target,
      quirks: {
        ...quirks,
        effort_field: 'thinkingLevel',
        budget_field: range === null ? null : 'thinkingBudget',
        budget_range: range ?? [0, 0],
      },
    },
    report,
    // A budget of the client's includes the answer; one that is derived from an effort leaves room
    // for it.
    maxTokens: level.budget === undefined ? Math.floor(maxTokens * 0.75) : maxTokens,
    requested: request.thinking,
  })
  const least = fields['thinkingBudget']
  if (level.wanted === 'off' && typeof least === 'number' && least > 0) {
    report.map('thinking', `thinkingBudget=${least}`)
  }
  return request.thinking?.display === 'omitted'
    ? omitKeys(fields, new Set(['includeThoughts']))
    : fields
}
