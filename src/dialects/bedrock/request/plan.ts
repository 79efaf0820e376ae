/** What is decided before a request is built: tools, thinking and output format. */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { DialectTarget } from '../../dialect.ts'
import { planRequest } from '../../shared/plan/request-plan.ts'
import type { RequestPlan } from '../../shared/plan/request-plan.ts'
import { planOutput } from '../../shared/schema/structured-output.ts'
import type { OutputPlan } from '../../shared/schema/structured-output.ts'
import type { BedrockQuirks } from '../quirks.ts'
import { toolNameRule } from './tools.ts'

/** The plan of a `Converse` request. */
export interface ConverseRequestPlan extends RequestPlan {
  output: OutputPlan
}

/** Plans a `Converse` request. */
export function toPlan(
  request: MessagesRequest,
  target: DialectTarget<BedrockQuirks>,
  report: Report,
): ConverseRequestPlan {
  const { quirks } = target
  const plan = planRequest(request, target, {
    report,
    nameRule: toolNameRule,
    limit: { field: 'maxTokens', least: 1 },
    toolChoice: { ...quirks, tool_choice_none: 'omit_tools', parallel_tool_calls: 'never' },
    toolsExcludeThinking: false,
  })
  const outputQuirks = { structured_output: quirks.structured_output, strict_output: true }
  return { ...plan, output: planOutput(request, { ...target, quirks: outputQuirks }, report) }
}
