/** What is decided before a request is built: tools, thinking and output format. */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { DialectTarget } from '../../dialect.ts'
import { toMaxTokens } from '../../shared/conversation/sampling.ts'
import { toThinkingLevel } from '../../shared/thinking/thinking-level.ts'
import { planThinking } from '../../shared/thinking/thinking-plan.ts'
import type { ThinkingPlan } from '../../shared/thinking/thinking-plan.ts'
import { toOfferedTools, toolNames } from '../../shared/tools/offered-tools.ts'
import { planOutput } from '../../shared/tools/structured-output.ts'
import type { OutputPlan } from '../../shared/tools/structured-output.ts'
import { planTools } from '../../shared/tools/tool-choice.ts'
import type { ToolPlan } from '../../shared/tools/tool-choice.ts'
import { createToolNames } from '../../shared/tools/tool-names.ts'
import type { ToolNames } from '../../shared/tools/tool-names.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import { toolNameRule } from './tools.ts'

export interface ResponsesRequestPlan {
  names: ToolNames
  tools: ToolPlan
  thinking: ThinkingPlan
  /** Whether to request reasoning items, for the client to send back. */
  wantsReasoning: boolean
  output: OutputPlan
  maxTokens: number
  /** Instructions at the end of the system text, in place of unsupported parameters. */
  hints: string[]
}

export function toPlan(
  request: MessagesRequest,
  target: DialectTarget<ResponsesQuirks>,
  report: Report,
): ResponsesRequestPlan {
  const { quirks, provider, model, takes } = target
  const names = createToolNames(toolNames(request), toolNameRule)
  const offered = toOfferedTools(request, { names, report, upstream: `${provider}/${model}` })
  const maxTokens = toMaxTokens(request.max_tokens, target, {
    field: 'max_output_tokens',
    least: quirks.min_output_tokens,
    report,
  })
  const level = toThinkingLevel(request)
  const thinking = planThinking(level, { target, report, maxTokens, asked: request.thinking })
  const tools = planTools(request.tool_choice, offered, {
    quirks,
    report,
    toolName: names.toUpstream,
    canForce: !thinking.isOn || quirks.forced_while_thinking === 'allowed',
  })
  // A client that neither enables thinking nor offers tools expects text as the first block.
  const isUseful = level.wanted === 'on' || tools.tools.length > 0
  const canReturn = quirks.include_reasoning && quirks.replay !== 'never'
  const output = planOutput(request, target, report)
  const hints = [tools.hint, output.hint].filter((hint) => hint !== undefined)
  return {
    names,
    tools,
    thinking,
    wantsReasoning: isUseful && canReturn && takes.thinking !== false,
    output,
    maxTokens,
    hints,
  }
}
