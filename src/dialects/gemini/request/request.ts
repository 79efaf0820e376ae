/**
 * Translates a Messages request for `generateContent`. Each aspect has its own file; this one
 * combines them.
 */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { RequestContext, DialectTarget, UpstreamRequest } from '../../dialect.ts'
import { ignoreCacheControl } from '../../shared/conversation/cache-control.ts'
import { finishBody } from '../../shared/conversation/deep-merge.ts'
import { ignoreFields } from '../../shared/conversation/ignored-fields.ts'
import type { OutputPlan } from '../../shared/schema/structured-output.ts'
import { planOutput } from '../../shared/schema/structured-output.ts'
import type { GeminiQuirks } from '../quirks.ts'
import { toGeneration } from './generation-config.ts'
import { toMethodPath } from './method-path.ts'
import { toPlan } from './plan.ts'
import { toPrompt } from './prompt.ts'

/** Translates a Messages request to the body and path of `generateContent` or `streamGenerateContent`. */
export function toRequest(
  request: MessagesRequest,
  target: DialectTarget<GeminiQuirks>,
  { report, webSearch }: RequestContext,
): UpstreamRequest {
  reportIgnored(request, report)
  const plan = toPlan(request, target, { report, webSearch })
  const output = toOutput(request, target, plan.tools.tools.length > 0, report)
  const hints = [plan.tools.hint, output.hint, ...plan.search.hints].filter(
    (hint) => hint !== undefined,
  )
  const prompt = toPrompt(request, target, { ...plan, hints }, report)
  const { config, enforceStops } = toGeneration(request, output, target, report)
  const isStream = request.stream === true
  return {
    path: toMethodPath(
      isStream ? 'streamGenerateContent?alt=sse' : 'generateContent',
      target.model,
      target.quirks,
    ),
    body: finishBody({ ...prompt, generationConfig: config }, [target.quirks.extra_body]),
    stream: isStream,
    toolNames: plan.names.toClient,
    enforceStops,
  }
}

/** Reports fields that clients always send and that have no counterpart in Gemini's API. */
function reportIgnored(request: MessagesRequest, report: Report): void {
  ignoreCacheControl(request, report)
  ignoreFields(request, ['metadata', 'service_tier'], report)
}

function toOutput(
  request: MessagesRequest,
  target: DialectTarget<GeminiQuirks>,
  hasTools: boolean,
  report: Report,
): OutputPlan {
  const { quirks } = target
  const structured_output =
    hasTools && quirks.plain_output_with_tools ? 'none' : quirks.structured_output
  return planOutput(
    request,
    { ...target, quirks: { structured_output, strict_output: false } },
    report,
  )
}
