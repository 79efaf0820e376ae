/** Whether and which tool the model must use: the least portable field of all. */
import type { Report } from '../../anthropic/report.ts'
import type { MessagesRequest } from '../../anthropic/request.ts'
import type { ChatQuirks } from './quirks.ts'
import type { ChatTool, VendorRequest } from './wire.ts'

export interface ToolPlan {
  tools: ChatTool[]
  /** Without `parallel_tool_calls` and `tool_choice` where there are no tools. */
  fields: Pick<VendorRequest, 'tool_choice' | 'parallel_tool_calls'>
  /** For the system text, where the upstream cannot be told otherwise. */
  hint?: string
}

export interface ToolChoiceContext {
  quirks: ChatQuirks
  report: Report
  toolName: (name: string) => string
  /** False where the upstream cannot be forced in this request. */
  canForce: boolean
}

type Choice = NonNullable<MessagesRequest['tool_choice']>

export function isForced(choice: MessagesRequest['tool_choice']): boolean {
  return choice?.type === 'any' || choice?.type === 'tool'
}

export function planTools(
  choice: MessagesRequest['tool_choice'],
  tools: ChatTool[],
  context: ToolChoiceContext,
): ToolPlan {
  if (tools.length === 0) {
    if (isForced(choice)) {
      context.report.drop('tool_choice')
    }
    return { tools, fields: {} }
  }
  const plan =
    choice === null || choice === undefined ? { tools, fields: {} } : choose(choice, tools, context)
  return plan.tools.length === 0
    ? plan
    : { ...plan, fields: { ...plan.fields, ...toParallel(choice, context) } }
}

function choose(choice: Choice, tools: ChatTool[], context: ToolChoiceContext): ToolPlan {
  const { quirks } = context
  switch (choice.type) {
    case 'auto':
      return { tools, fields: { tool_choice: 'auto' } }
    case 'none':
      return quirks.tool_choice_none === 'none'
        ? { tools, fields: { tool_choice: 'none' } }
        : { tools: [], fields: {} }
    case 'any':
      return forceAny(tools, context)
    case 'tool':
      return forceNamed(context.toolName(choice.name ?? ''), tools, context)
  }
}

function forceAny(tools: ChatTool[], context: ToolChoiceContext): ToolPlan {
  const word = context.quirks.tool_choice_any
  return word === 'hint' || !context.canForce
    ? hint('You must answer with a call of one of the tools.', tools, context)
    : { tools, fields: { tool_choice: word } }
}

function forceNamed(name: string, tools: ChatTool[], context: ToolChoiceContext): ToolPlan {
  const form = context.quirks.tool_choice_named
  if (form === 'hint' || !context.canForce) {
    return hint(`You must answer with a call of the tool ${name}.`, tools, context)
  }
  return form === 'only'
    ? forceAny(
        tools.filter((tool) => tool.function.name === name),
        context,
      )
    : { tools, fields: { tool_choice: { type: 'function', function: { name } } } }
}

function hint(text: string, tools: ChatTool[], { report }: ToolChoiceContext): ToolPlan {
  report.map('tool_choice', 'system text')
  return { tools, fields: {}, hint: text }
}

function toParallel(
  choice: MessagesRequest['tool_choice'],
  { quirks, report }: ToolChoiceContext,
): { parallel_tool_calls?: boolean } {
  const isDisabled = choice?.disable_parallel_tool_use === true
  if (quirks.parallel_tool_calls === 'never') {
    if (isDisabled) {
      report.drop('tool_choice.disable_parallel_tool_use')
    }
    return {}
  }
  return isDisabled || quirks.parallel_tool_calls === 'always'
    ? { parallel_tool_calls: !isDisabled }
    : {}
}
