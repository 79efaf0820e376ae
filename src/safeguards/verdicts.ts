/**
 * Reads the classifier's answer. An unclear verdict counts as none, and a call without a verdict is
 * never allowed.
 */
import type { CallVerdict, CitedRule } from '../anthropic/answer/wire/safeguard-results.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asObject, asString } from '../anthropic/json.ts'
import { hasRule } from './context.ts'
import { toCallName, verdictTool } from './question.ts'

/** The result for a call without a clear verdict of the classifier. */
export const unclear: CallVerdict = { type: 'unavailable', reason: 'error' }
const maxExplanation = 500

/** The verdicts on `count` calls in their order, of a whole message. */
export function readVerdicts(message: unknown, count: number, context: JsonObject): CallVerdict[] {
  const { stop_reason: stopReason, content } = asObject(message) ?? {}
  if (stopReason === 'refusal') {
    return Array.from({ length: count }, () => ({ type: 'unavailable', reason: 'refused' }))
  }
  const reports = asArray(content)
    .map(asObject)
    .filter((block) => block?.['type'] === 'tool_use')
  const [report] = reports
  const isClear =
    reports.length === 1 && report?.['name'] === verdictTool && stopReason !== 'max_tokens'
  const input = isClear ? asObject(report['input']) : undefined
  return Array.from({ length: count }, (_, index) => {
    const name = toCallName(index)
    const verdict = input !== undefined && Object.hasOwn(input, name) ? input[name] : undefined
    return toVerdict(asObject(verdict), context)
  })
}

function toVerdict(verdict: JsonObject | undefined, context: JsonObject): CallVerdict {
  const { flagged, explanation, rule } = verdict ?? {}
  const why = asString(explanation)?.trim() ?? ''
  if (typeof flagged !== 'boolean' || why === '') {
    return unclear
  }
  return flagged
    ? {
        type: 'evaluated',
        outcome: 'flagged',
        explanation: why.slice(0, maxExplanation),
        ...toCitedRule(rule, ['soft_deny', 'hard_deny'], context),
      }
    : { type: 'evaluated', outcome: 'not_flagged', ...toCitedRule(rule, ['allow'], context) }
}

/** A rule is cited if the client has it, and it can have led to that outcome. */
function toCitedRule(
  rule: unknown,
  lists: readonly string[],
  context: JsonObject,
): { cited_rule?: CitedRule } {
  const path = asString(rule) ?? ''
  return lists.includes(path.split('.')[1] ?? '') && hasRule(context, path)
    ? { cited_rule: { type: 'classifier_context', path } }
    : {}
}
