/** What is decided before a request is built: tools, thinking and output format. */
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { DialectTarget, RequestContext } from '../../dialect.ts'
import { planRequest } from '../../shared/plan/request-plan.ts'
import type { RequestPlan } from '../../shared/plan/request-plan.ts'
import { planOutput } from '../../shared/schema/structured-output.ts'
import type { OutputPlan } from '../../shared/schema/structured-output.ts'
import { planSearch } from '../../shared/tools/native-search.ts'
import type { SearchPlan } from '../../shared/tools/native-search.ts'
import type { ChatQuirks } from '../quirks.ts'
import { toolNameRules } from './tools.ts'

/** The plan of a chat completion. `hints` are sentences for the system prompt. */
export interface ChatRequestPlan extends RequestPlan {
  search: SearchPlan
  output: OutputPlan
  /** Instructions at the end of the system text, in place of unsupported parameters. */
  hints: string[]
}

/** Plans a chat completion. */
export function toPlan(
  request: MessagesRequest,
  target: DialectTarget<ChatQuirks>,
  { report, webSearch }: Pick<RequestContext, 'report' | 'webSearch'>,
): ChatRequestPlan {
  const { quirks } = target
  const plan = planRequest(request, target, {
    report,
    nameRule: toolNameRules[quirks.tool_names],
    limit: { field: quirks.max_tokens_field, least: 1 },
    toolChoice: quirks,
    toolsExcludeThinking: !quirks.thinking_with_tools,
  })
  const output = planOutput(request, target, report)
  const search = planSearch(quirks.web_search, webSearch, report)
  const hints = [plan.tools.hint, output.hint, ...search.hints].filter((hint) => hint !== undefined)
  return { ...plan, search, output, hints }
}
