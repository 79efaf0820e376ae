/** Plans whether and which tool the model must use: the least portable field. */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { FunctionQuirks } from './function-quirks.ts'
import type { OfferedTool } from './offered-tools.ts'

/** The quirks for tool choices. `tool_choice_any`: how a request forces some tool. */
export type ToolChoiceQuirks = { tool_choice_any: string } & Pick<
  FunctionQuirks,
  'tool_choice_named' | 'tool_choice_none' | 'parallel_tool_calls'
>

/**
 * The tools to offer and the choice among them; `hint` is a sentence for the system prompt where the upstream
 * cannot force a call.
 */
export interface ToolPlan {
  tools: OfferedTool[]
  /** The tool choice; absent if none is sent. */
  choice?: 'auto' | 'none' | 'any' | { name: string }
  /** Whether the model may call several tools at once; absent if that is not sent. */
  isParallel?: boolean
  /** An instruction for the system text, if the upstream does not support the choice. */
  hint?: string
}

interface ToolChoiceContext {
  quirks: ToolChoiceQuirks
  report: Report
  toolName: (name: string) => string
  /** Whether a tool can be forced in this request. */
  canForce: boolean
}

type Choice = NonNullable<MessagesRequest['tool_choice']>

/** Whether a tool choice requires a call. */
export function isForced(choice: MessagesRequest['tool_choice']): boolean {
  return choice?.type === 'any' || choice?.type === 'tool'
}

/**
 * Plans the tools and the choice. Without tools there is no choice, since upstreams reject one
 * without tools.
 */
export function planTools(
  choice: MessagesRequest['tool_choice'],
  tools: OfferedTool[],
  context: ToolChoiceContext,
): ToolPlan {
  if (tools.length === 0) {
    if (isForced(choice)) {
      context.report.drop('tool_choice')
    }
    return { tools }
  }
  const plan = choice === null || choice === undefined ? { tools } : choose(choice, tools, context)
  return plan.tools.length === 0 ? plan : { ...plan, ...toParallel(choice, context) }
}

function choose(choice: Choice, tools: OfferedTool[], context: ToolChoiceContext): ToolPlan {
  switch (choice.type) {
    case 'auto':
      return { tools, choice: 'auto' }
    case 'none':
      return context.quirks.tool_choice_none === 'none' ? { tools, choice: 'none' } : { tools: [] }
    case 'any':
      return forceAny(tools, context)
    case 'tool':
      return forceNamed(context.toolName(choice.name ?? ''), tools, context)
  }
}

function forceAny(tools: OfferedTool[], context: ToolChoiceContext): ToolPlan {
  return context.quirks.tool_choice_any === 'hint' || !context.canForce
    ? hint('You must answer with a call of one of the tools.', tools, context)
    : { tools, choice: 'any' }
}

function forceNamed(name: string, tools: OfferedTool[], context: ToolChoiceContext): ToolPlan {
  const form = context.quirks.tool_choice_named
  if (form === 'hint' || !context.canForce) {
    return hint(`You must answer with a call of the tool ${name}.`, tools, context)
  }
  return form === 'only'
    ? forceAny(
        tools.filter((tool) => tool.name === name),
        context,
      )
    : { tools, choice: { name } }
}

function hint(text: string, tools: OfferedTool[], { report }: ToolChoiceContext): ToolPlan {
  report.map('tool_choice', 'system text')
  return { tools, hint: text }
}

function toParallel(
  choice: MessagesRequest['tool_choice'],
  { quirks, report }: ToolChoiceContext,
): Pick<ToolPlan, 'isParallel'> {
  const isDisabled = choice?.disable_parallel_tool_use === true
  if (quirks.parallel_tool_calls === 'never') {
    if (isDisabled) {
      report.drop('tool_choice.disable_parallel_tool_use')
    }
    return {}
  }
  return isDisabled || quirks.parallel_tool_calls === 'always' ? { isParallel: !isDisabled } : {}
}
