/**
 * Translates a Messages request for `Converse`. Each aspect has its own file; this one combines
 * them.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { RequestContext, DialectTarget, UpstreamRequest } from '../../dialect.ts'
import { ignoreCacheControl } from '../../shared/conversation/cache-control.ts'
import type { Draft } from '../../shared/conversation/deep-merge.ts'
import { finishBody } from '../../shared/conversation/deep-merge.ts'
import { ignoreFields } from '../../shared/conversation/ignored-fields.ts'
import { toSupportedTurns } from '../../shared/conversation/media.ts'
import { toSystemBlocks } from '../../shared/conversation/system-text.ts'
import type { OutputPlan } from '../../shared/schema/structured-output.ts'
import type { BedrockQuirks } from '../quirks.ts'
import type { ConverseRequest } from '../wire.ts'
import { toCachePoint } from './content-blocks.ts'
import { toInference } from './inference.ts'
import { toMessages } from './messages.ts'
import type { ConverseRequestPlan } from './plan.ts'
import { toPlan } from './plan.ts'
import { noToolsHint, toToolConfig, toolsOfHistory } from './tools.ts'

/** Translates a Messages request to the body and path of `Converse` or `ConverseStream`. */
export function toRequest(
  request: MessagesRequest,
  target: DialectTarget<BedrockQuirks>,
  { report }: RequestContext,
): UpstreamRequest {
  const { quirks } = target
  reportIgnored(request, quirks, report)
  const plan = toPlan(request, target, report)
  const turns = toSupportedTurns(request.messages, target, {
    support: { images: quirks.images, imageUrls: false, pdfs: quirks.pdfs, pdfUrls: false },
    toolName: plan.names.toUpstream,
    report,
  })
  const history = toolsOfHistory(turns)
  const barsTools = plan.tools.tools.length === 0 && history.length > 0
  const hints = [plan.tools.hint, plan.output.hint, barsTools ? noToolsHint : undefined]
  const inference = toInference(request, plan, quirks, report)
  const lastPath = `messages.${request.messages.length - 1}`
  const body: Draft<ConverseRequest> = {
    messages: toMessages(turns, { target, report, lastPath }),
    system: toSystem(request, hints, quirks, report),
    inferenceConfig: inference.config,
    toolConfig: toToolConfig(plan.tools, history, quirks, report),
    outputConfig: toOutputConfig(plan.output),
  }
  const layers = [
    inference.fields,
    plan.thinking.fields,
    toDisplay(request, plan, quirks),
    quirks.extra_body,
  ]
  const isStream = request.stream === true
  return {
    path: `/model/${encodeURIComponent(target.model)}/converse${isStream ? '-stream' : ''}`,
    body: finishBody(body, layers),
    stream: isStream,
    toolNames: plan.names.toClient,
    enforceStops: inference.enforceStops,
  }
}

/** Reports fields that clients always send and that have no counterpart in Converse. */
function reportIgnored(request: MessagesRequest, quirks: BedrockQuirks, report: Report): void {
  if (quirks.cache_points.length === 0) {
    ignoreCacheControl(request, report)
  } else if (request.cache_control) {
    report.ignore('cache_control')
  }
  ignoreFields(request, ['metadata', 'service_tier'], report)
  if (!quirks.thinking_display) {
    ignoreFields(request, ['thinking.display'], report)
  }
}

function toSystem(
  request: MessagesRequest,
  hints: readonly (string | undefined)[],
  { cache_points }: BedrockQuirks,
  report: Report,
): ConverseRequest['system'] {
  const blocks = toSystemBlocks(request.system, report).flatMap(({ text, cacheControl }) => [
    { text },
    ...(cacheControl !== undefined && cache_points.includes('system')
      ? [toCachePoint(cacheControl)]
      : []),
  ])
  const instructions = hints.filter((hint) => hint !== undefined)
  const system = [...blocks, ...instructions.map((text) => ({ text }))]
  return system.length === 0 ? undefined : system
}

function toOutputConfig({ format }: OutputPlan): ConverseRequest['outputConfig'] {
  return format?.type === 'json_schema'
    ? {
        textFormat: {
          type: 'json_schema',
          structure: { jsonSchema: { name: format.name, schema: JSON.stringify(format.schema) } },
        },
      }
    : undefined
}

/** Adds to the planned `thinking` whether reasoning is displayed. */
function toDisplay(
  { thinking }: MessagesRequest,
  plan: ConverseRequestPlan,
  { thinking_display: isSupported }: BedrockQuirks,
): JsonObject {
  const display = thinking?.display
  return isSupported && plan.thinking.isOn && display !== null && display !== undefined
    ? { additionalModelRequestFields: { thinking: { display } } }
    : {}
}
