/** What generating and counting both decide about tools before the conversation is translated. */
import type { Report } from '../../../anthropic/report.ts'
import type { CountTokensRequest } from '../../../anthropic/request/request.ts'
import type { TargetModel } from '../../dialect.ts'
import { toOfferedTools, toolNames } from '../../shared/tools/offered-tools.ts'
import type { ToolPlan } from '../../shared/tools/tool-choice.ts'
import { planTools } from '../../shared/tools/tool-choice.ts'
import type { ToolNames } from '../../shared/tools/tool-names.ts'
import { createToolNames } from '../../shared/tools/tool-names.ts'
import { toolChoiceQuirks, toolNameRule } from './tools.ts'

export interface GeminiToolPlan {
  names: ToolNames
  tools: ToolPlan
}

export function toPlan(
  request: CountTokensRequest,
  { provider, model }: TargetModel,
  report: Report,
): GeminiToolPlan {
  const names = createToolNames(toolNames(request), toolNameRule)
  const offered = toOfferedTools(request, { names, report, upstream: `${provider}/${model}` })
  const tools = planTools(request.tool_choice, offered, {
    quirks: toolChoiceQuirks,
    report,
    toolName: names.toUpstream,
    canForce: true,
  })
  return { names, tools }
}
