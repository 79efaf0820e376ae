/** Whether and which tool the model must use: the least portable field of all. */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { OfferedTool } from './offered-tools.ts'

/** What an upstream knows of it, as dialects have it among their quirks. */
interface ToolChoiceQuirks {
  /** How "some tool" is said; `hint`: not at all, so the system text asks for it. */
  tool_choice_any: string
  /** How "this tool" is said: by name; by offering no other and forcing any; by the system text. */
  tool_choice_named: 'function' | 'only' | 'hint'
  /** How "no tool" is said: by word, or by offering none. */
  tool_choice_none: 'none' | 'omit_tools'
  /** When `parallel_tool_calls` is sent; `always`: true must be said to get any. */
  parallel_tool_calls: 'when_disabled' | 'always' | 'never'
}

export interface ToolPlan {
  tools: OfferedTool[]
  /** Absent where nothing is to be said. */
  choice?: 'auto' | 'none' | 'any' | { name: string }
  /** Whether the model may call several tools at once. Absent where nothing is to be said. */
  isParallel?: boolean
  /** For the system text, where the upstream cannot be told otherwise. */
  hint?: string
}

interface ToolChoiceContext {
  quirks: ToolChoiceQuirks
  report: Report
  toolName: (name: string) => string
  /** False where the upstream cannot be forced in this request. */
  canForce: boolean
}

type Choice = NonNullable<MessagesRequest['tool_choice']>

export function isForced(choice: MessagesRequest['tool_choice']): boolean {
  return choice?.type === 'any' || choice?.type === 'tool'
}

/** Without tools there is no choice: upstreams refuse one that stands alone. */
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
