/** What is decided before a request is built: tools, thinking and output format. */
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { DialectTarget, RequestContext } from '../../dialect.ts'
import { planRequest } from '../../shared/plan/request-plan.ts'
import type { RequestPlan } from '../../shared/plan/request-plan.ts'
import { planOutput } from '../../shared/schema/structured-output.ts'
import type { OutputPlan } from '../../shared/schema/structured-output.ts'
import { planSearch } from '../../shared/tools/native-search.ts'
import type { SearchPlan } from '../../shared/tools/native-search.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import { toolNameRule } from './tools.ts'

/** The plan of a Responses request. `hints` are sentences for the instructions. */
export interface ResponsesRequestPlan extends RequestPlan {
  search: SearchPlan
  /** Whether to request reasoning items, for the client to send back. */
  wantsReasoning: boolean
  output: OutputPlan
  /** Instructions at the end of the system text, in place of unsupported parameters. */
  hints: string[]
}

/** Plans a Responses request. */
export function toPlan(
  request: MessagesRequest,
  target: DialectTarget<ResponsesQuirks>,
  { report, webSearch }: Pick<RequestContext, 'report' | 'webSearch'>,
): ResponsesRequestPlan {
  const { quirks, takes } = target
  const plan = planRequest(request, target, {
    report,
    nameRule: toolNameRule,
    limit: { field: 'max_output_tokens', least: quirks.min_output_tokens },
    toolChoice: quirks,
    toolsExcludeThinking: false,
  })
  const { tools, level } = plan
  // A client that neither enables thinking nor offers tools expects text as the first block.
  const search = planSearch(quirks.web_search, webSearch, report)
  const isUseful = level.wanted === 'on' || tools.tools.length > 0 || search.tools.length > 0
  const canReturn = quirks.include_reasoning && quirks.replay !== 'never'
  const wantsReasoning = isUseful && canReturn && takes.thinking !== false
  const output = planOutput(request, target, report)
  const hints = [tools.hint, output.hint, ...search.hints].filter((hint) => hint !== undefined)
  return { ...plan, search, wantsReasoning, output, hints }
}
