/** What is decided before a request is built: tools, thinking and output format. */
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { DialectTarget, RequestContext } from '../../dialect.ts'
import { toMaxTokens } from '../../shared/conversation/sampling.ts'
import { planOutput } from '../../shared/schema/structured-output.ts'
import type { OutputPlan } from '../../shared/schema/structured-output.ts'
import { toThinkingLevel } from '../../shared/thinking/thinking-level.ts'
import { planThinking } from '../../shared/thinking/thinking-plan.ts'
import type { ThinkingPlan } from '../../shared/thinking/thinking-plan.ts'
import { planSearch } from '../../shared/tools/native-search.ts'
import type { SearchPlan } from '../../shared/tools/native-search.ts'
import { toOfferedTools, toolNames } from '../../shared/tools/offered-tools.ts'
import { planTools } from '../../shared/tools/tool-choice.ts'
import type { ToolPlan } from '../../shared/tools/tool-choice.ts'
import { createToolNames } from '../../shared/tools/tool-names.ts'
import type { ToolNames } from '../../shared/tools/tool-names.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import { toolNameRule } from './tools.ts'

export interface ResponsesRequestPlan {
  names: ToolNames
  tools: ToolPlan
  search: SearchPlan
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
  { report, webSearch }: Pick<RequestContext, 'report' | 'webSearch'>,
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
  const search = planSearch(quirks.web_search, webSearch, report)
  const isUseful = level.wanted === 'on' || tools.tools.length > 0 || search.tools.length > 0
  const canReturn = quirks.include_reasoning && quirks.replay !== 'never'
  const output = planOutput(request, target, report)
  const hints = [tools.hint, output.hint, ...search.hints].filter((hint) => hint !== undefined)
  return {
    names,
    tools,
    search,
    thinking,
    wantsReasoning: isUseful && canReturn && takes.thinking !== false,
    output,
    maxTokens,
    hints,
  }
}
