/** What generating and counting both decide about tools before the conversation is translated. */
import type { CountTokensRequest } from '../../../anthropic/request/request.ts'
import type { DialectTarget, RequestContext } from '../../dialect.ts'
import { planSearch } from '../../shared/tools/native-search.ts'
import type { SearchPlan } from '../../shared/tools/native-search.ts'
import { toOfferedTools, toolNames } from '../../shared/tools/offered-tools.ts'
import type { ToolPlan } from '../../shared/tools/tool-choice.ts'
import { planTools } from '../../shared/tools/tool-choice.ts'
import type { ToolNames } from '../../shared/tools/tool-names.ts'
import { createToolNames } from '../../shared/tools/tool-names.ts'
import type { GeminiQuirks } from '../quirks.ts'
import { toolChoiceQuirks, toolNameRule } from './tools.ts'

/** The tools of a request: valid names, functions, and the provider's own web search. */
export interface GeminiToolPlan {
  names: ToolNames
  tools: ToolPlan
  search: SearchPlan
}

/** Plans the tools of a request. */
export function toPlan(
  request: CountTokensRequest,
  { provider, model, quirks }: DialectTarget<GeminiQuirks>,
  { report, webSearch }: Pick<RequestContext, 'report' | 'webSearch'>,
): GeminiToolPlan {
  const names = createToolNames(toolNames(request), toolNameRule)
  const offered = toOfferedTools(request, { names, report, upstream: `${provider}/${model}` })
  const tools = planTools(request.tool_choice, offered, {
    quirks: toolChoiceQuirks,
    report,
    toolName: names.toUpstream,
    canForce: true,
  })
  return { names, tools, search: planSearch(quirks.web_search, webSearch, report) }
}
