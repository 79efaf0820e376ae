/**
 * What is decided before a request is built: tools, thinking and output format. They depend on each
 * other: a forced tool may exclude thinking, and thinking may exclude a forced tool.
 */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { DialectTarget } from '../../dialect.ts'
import { toMaxTokens } from '../../shared/conversation/sampling.ts'
import { planOutput } from '../../shared/schema/structured-output.ts'
import type { OutputPlan } from '../../shared/schema/structured-output.ts'
import { toAllowedLevel } from '../../shared/thinking/thinking-level.ts'
import { planThinking } from '../../shared/thinking/thinking-plan.ts'
import type { ThinkingPlan } from '../../shared/thinking/thinking-plan.ts'
import { toOfferedTools, toolNames } from '../../shared/tools/offered-tools.ts'
import { isForced, planTools } from '../../shared/tools/tool-choice.ts'
import type { ToolPlan } from '../../shared/tools/tool-choice.ts'
import { createToolNames } from '../../shared/tools/tool-names.ts'
import type { ToolNames } from '../../shared/tools/tool-names.ts'
import type { BedrockQuirks } from '../quirks.ts'
import { toolNameRule } from './tools.ts'

export interface ConverseRequestPlan {
  names: ToolNames
  tools: ToolPlan
  thinking: ThinkingPlan
  output: OutputPlan
  maxTokens: number
}

export function toPlan(
  request: MessagesRequest,
  target: DialectTarget<BedrockQuirks>,
  report: Report,
): ConverseRequestPlan {
  const { quirks, provider, model } = target
  const names = createToolNames(toolNames(request), toolNameRule)
  const offered = toOfferedTools(request, { names, report, upstream: `${provider}/${model}` })
  const maxTokens = toMaxTokens(request.max_tokens, target, {
    field: 'maxTokens',
    least: 1,
    report,
  })
  const level = toAllowedLevel(
    request,
    excludesThinking(request, offered.length > 0, quirks),
    quirks,
    report,
  )
  const thinking = planThinking(level, { target, report, maxTokens, asked: request.thinking })
  const tools = planTools(request.tool_choice, offered, {
    quirks: { ...quirks, tool_choice_none: 'omit_tools', parallel_tool_calls: 'never' },
    report,
    toolName: names.toUpstream,
    canForce: !thinking.isOn || quirks.forced_while_thinking === 'allowed',
  })
  const output = planOutput(
    request,
    {
      ...target,
      quirks: { structured_output: quirks.structured_output, strict_output: true },
    },
    report,
  )
  return { names, tools, thinking, output, maxTokens }
}

/** Whether the request excludes thinking: it forces a tool, and the model does not support both. */
function excludesThinking(
  { tool_choice: choice }: MessagesRequest,
  hasTools: boolean,
  { forced_while_thinking: forced }: BedrockQuirks,
): boolean {
  return hasTools && isForced(choice) && forced === 'drop_thinking'
}
