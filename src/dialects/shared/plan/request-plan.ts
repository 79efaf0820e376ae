/**
 * What is decided before a request is built: the output limit, thinking, and tools. They depend on each other:
 * tools may exclude thinking, and thinking may exclude a forced tool.
 */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { DialectTarget } from '../../dialect.ts'
import { toMaxTokens } from '../conversation/sampling.ts'
import type { ThinkingLevel } from '../thinking/thinking-level.ts'
import { toAllowedLevel } from '../thinking/thinking-level.ts'
import type { ThinkingPlan } from '../thinking/thinking-plan.ts'
import { planThinking } from '../thinking/thinking-plan.ts'
import type { ThinkingQuirks } from '../thinking/thinking-quirks.ts'
import { toOfferedTools, toolNames } from '../tools/offered-tools.ts'
import type { ToolChoiceQuirks, ToolPlan } from '../tools/tool-choice.ts'
import { isForced, planTools } from '../tools/tool-choice.ts'
import type { ToolNames } from '../tools/tool-names.ts'
import { createToolNames } from '../tools/tool-names.ts'

/** The decisions about a request that all dialects share. */
export interface RequestPlan {
  names: ToolNames
  maxTokens: number
  level: ThinkingLevel
  thinking: ThinkingPlan
  tools: ToolPlan
}

interface PlanRules {
  report: Report
  /** The upstream's rule for tool names. */
  nameRule: Parameters<typeof createToolNames>[1]
  /** The upstream's field for the output limit, and the least that it accepts. */
  limit: { field: string; least: number }
  toolChoice: ToolChoiceQuirks
  /** Whether any tool excludes thinking. */
  toolsExcludeThinking: boolean
}

/**
 * Plans the output limit, thinking and tools of a request for one target, and reports what it cannot carry.
 */
export function planRequest(
  request: MessagesRequest,
  target: DialectTarget<ThinkingQuirks & { forced_while_thinking: string }>,
  { report, nameRule, limit, toolChoice, toolsExcludeThinking }: PlanRules,
): RequestPlan {
  const { quirks, provider, model } = target
  const names = createToolNames(toolNames(request), nameRule)
  const offered = toOfferedTools(request, { names, report, upstream: `${provider}/${model}` })
  const maxTokens = toMaxTokens(request.max_tokens, target, { ...limit, report })
  const forced = quirks.forced_while_thinking
  const excludesThinking =
    toolsExcludeThinking || (isForced(request.tool_choice) && forced === 'drop_thinking')
  const level = toAllowedLevel(request, offered.length > 0 && excludesThinking, quirks, report)
  const thinking = planThinking(level, { target, report, maxTokens, requested: request.thinking })
  const tools = planTools(request.tool_choice, offered, {
    quirks: toolChoice,
    report,
    toolName: names.toUpstream,
    canForce: !thinking.isOn || forced === 'allowed',
  })
  return { names, maxTokens, level, thinking, tools }
}
