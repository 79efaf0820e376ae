/**
 * Translates a Messages request for the Responses API. Nothing is stored there: each request has
 * the whole conversation, with its reasoning items.
 */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { RequestContext, DialectTarget, UpstreamRequest } from '../../dialect.ts'
import { ignoreCacheControl } from '../../shared/conversation/cache-control.ts'
import type { Draft } from '../../shared/conversation/deep-merge.ts'
import { finishBody } from '../../shared/conversation/deep-merge.ts'
import { ignoreFields } from '../../shared/conversation/ignored-fields.ts'
import { joinTexts } from '../../shared/conversation/join-texts.ts'
import { toSupportedTurns } from '../../shared/conversation/media.ts'
import { toSampling } from '../../shared/conversation/sampling.ts'
import { toSystemBlocks } from '../../shared/conversation/system-text.ts'
import type { OutputPlan } from '../../shared/schema/structured-output.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import type { ResponsesRequest, VendorRequest } from '../wire.ts'
import { toInput, toSystemMessage } from './input-items.ts'
import { toPlan } from './plan.ts'
import type { ResponsesRequestPlan } from './plan.ts'
import { toToolFields } from './tools.ts'

/** Translates a Messages request to the body and path of a Responses request. */
export function toRequest(
  request: MessagesRequest,
  target: DialectTarget<ResponsesQuirks>,
  { report, sessionKey, webSearch }: RequestContext,
): UpstreamRequest {
  const { quirks } = target
  reportIgnored(request, report)
  const plan = toPlan(request, target, { report, webSearch })
  const isStream = request.stream === true || quirks.stream_only

  const body: Draft<VendorRequest> = {
    model: target.model,
    ...toConversation(request, target, plan, report),
    ...toToolFields(plan, quirks, report),
    text: toTextFormat(plan.output),
    max_output_tokens: plan.maxTokens,
    ...toSampling(request, quirks, plan.thinking.isOn, report),
    service_tier: toServiceTier(request, quirks, report),
    include: toInclude(plan),
    store: quirks.store_field ? false : undefined,
    stream: isStream ? true : undefined,
  }
  const layers = [
    plan.thinking.fields,
    toKeyed(quirks.session_fields, sessionKey),
    body.tools === undefined ? {} : quirks.extra_body_with_tools,
    quirks.extra_body,
  ]
  return {
    path: '/responses',
    body: finishBody(body, layers),
    headers: toKeyed(quirks.session_headers, sessionKey),
    stream: isStream,
    toolNames: plan.names.toClient,
    // The API has no such field.
    enforceStops: [...new Set(request.stop_sequences ?? [])].filter((sequence) => sequence !== ''),
  }
}

/** Reports fields that clients always send and that have no counterpart in the Responses API. */
function reportIgnored(request: MessagesRequest, report: Report): void {
  ignoreCacheControl(request, report)
  ignoreFields(request, ['metadata', 'thinking.display'], report)
}

function toConversation(
  request: MessagesRequest,
  target: DialectTarget<ResponsesQuirks>,
  plan: ResponsesRequestPlan,
  report: Report,
): Pick<ResponsesRequest, 'input' | 'instructions'> {
  const { quirks } = target
  const { system: place } = quirks
  const turns = toSupportedTurns(request.messages, target, {
    support: {
      images: quirks.images,
      imageUrls: quirks.image_urls,
      pdfs: quirks.pdfs,
      pdfUrls: quirks.pdf_urls,
    },
    toolName: plan.names.toUpstream,
    report,
  })
  const last = `messages.${request.messages.length - 1}`
  const { input, system } = toInput(turns, target, {
    last,
    report,
  })
  const blocks = [...toSystemBlocks(request.system, report), ...system]
  const text = joinTexts([...blocks.map((block) => block.text), ...plan.hints])
  if (text === '') {
    return { input }
  }
  return place === 'instructions'
    ? { instructions: text, input }
    : { input: [toSystemMessage(place, text), ...input] }
}

function toInclude({ wantsReasoning, search }: ResponsesRequestPlan): VendorRequest['include'] {
  const include = [...(wantsReasoning ? ['reasoning.encrypted_content'] : []), ...search.include]
  return include.length === 0 ? undefined : include
}

function toTextFormat({ format }: OutputPlan): ResponsesRequest['text'] {
  if (format === undefined) {
    return undefined
  }
  return {
    format: format.type === 'json_schema' ? { ...format, strict: format.strict === true } : format,
  }
}

/**
 * The upstream's service tier for Anthropic's `auto` and `standard_only`; other values are passed
 * on as the upstream's own.
 */
function toServiceTier(
  { service_tier: tier }: MessagesRequest,
  { drop_params }: ResponsesQuirks,
  report: Report,
): ResponsesRequest['service_tier'] {
  switch (tier) {
    case null:
    case undefined:
      return undefined
    case 'auto':
    case 'flex':
    case 'priority':
    case 'standard_only':
      if (!drop_params.includes('service_tier')) {
        return tier === 'standard_only' ? 'default' : tier
      }
      break
    default:
  }
  report.ignore('service_tier')
  return undefined
}

function toKeyed(names: readonly string[], key: string | undefined): Record<string, string> {
  return key === undefined ? {} : Object.fromEntries(names.map((name) => [name, key]))
}
