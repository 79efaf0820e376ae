/**
 * What is decided before a request is built: tools, thinking and output format. They depend on each
 * other: tools may exclude thinking, and thinking may exclude a forced tool.
 */
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { DialectTarget, RequestContext } from '../../dialect.ts'
import { toMaxTokens } from '../../shared/conversation/sampling.ts'
import { planOutput } from '../../shared/schema/structured-output.ts'
import type { OutputPlan } from '../../shared/schema/structured-output.ts'
import { toAllowedLevel } from '../../shared/thinking/thinking-level.ts'
import { planThinking } from '../../shared/thinking/thinking-plan.ts'
import type { ThinkingPlan } from '../../shared/thinking/thinking-plan.ts'
import { planSearch } from '../../shared/tools/native-search.ts'
import type { SearchPlan } from '../../shared/tools/native-search.ts'
import { toOfferedTools, toolNames } from '../../shared/tools/offered-tools.ts'
import { isForced, planTools } from '../../shared/tools/tool-choice.ts'
import type { ToolPlan } from '../../shared/tools/tool-choice.ts'
import { createToolNames } from '../../shared/tools/tool-names.ts'
import type { ToolNames } from '../../shared/tools/tool-names.ts'
import type { ChatQuirks } from '../quirks.ts'
import { toolNameRules } from './tools.ts'

export interface ChatRequestPlan {
  names: ToolNames
  tools: ToolPlan
  search: SearchPlan
  thinking: ThinkingPlan
  output: OutputPlan
  maxTokens: number
  /** Instructions at the end of the system text, in place of unsupported parameters. */
  hints: string[]
}

export function toPlan(
  request: MessagesRequest,
  target: DialectTarget<ChatQuirks>,
  { report, webSearch }: Pick<RequestContext, 'report' | 'webSearch'>,
): ChatRequestPlan {
  const { quirks, provider, model } = target
  const names = createToolNames(toolNames(request), toolNameRules[quirks.tool_names])
  const offered = toOfferedTools(request, { names, report, upstream: `${provider}/${model}` })
  const maxTokens = toMaxTokens(request.max_tokens, target, {
    field: quirks.max_tokens_field,
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
    quirks,
    report,
    toolName: names.toUpstream,
    canForce: !thinking.isOn || quirks.forced_while_thinking === 'allowed',
  })
  const output = planOutput(request, target, report)
  const search = planSearch(quirks.web_search, webSearch, report)
  const hints = [tools.hint, output.hint, ...search.hints].filter((hint) => hint !== undefined)
  return { names, tools, search, thinking, output, maxTokens, hints }
}

/**
 * Whether the request excludes thinking: the upstream does not support thinking with tools, or with
 * a forced one.
 */
function excludesThinking(
  { tool_choice: choice }: MessagesRequest,
  hasTools: boolean,
  { thinking_with_tools: withTools, forced_while_thinking: forced }: ChatQuirks,
): boolean {
  return hasTools && (!withTools || (isForced(choice) && forced === 'drop_thinking'))
}
