/**
 * Translates a Messages request to a chat completion. Each aspect has its own file; this one
 * combines them.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { RequestContext, DialectTarget, UpstreamRequest } from '../../dialect.ts'
import {
  ignoreCacheControl,
  ignoreToolCacheControl,
} from '../../shared/conversation/cache-control.ts'
import type { Draft } from '../../shared/conversation/deep-merge.ts'
import { finishBody } from '../../shared/conversation/deep-merge.ts'
import { ignoreFields } from '../../shared/conversation/ignored-fields.ts'
import { toSupportedTurns } from '../../shared/conversation/media.ts'
import { toSampling } from '../../shared/conversation/sampling.ts'
import { toSystemBlocks } from '../../shared/conversation/system-text.ts'
import type { OutputPlan } from '../../shared/schema/structured-output.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { VendorRequest } from '../wire.ts'
import { toMessages } from './messages.ts'
import { toStops, toStreaming, toToolChoiceFields } from './parameters.ts'
import { toPlan } from './plan.ts'
import type { ChatRequestPlan } from './plan.ts'
import { toPrefill } from './prefill.ts'
import type { Prefill } from './prefill.ts'
import { toTool } from './tools.ts'
import { toTextContent } from './user-content.ts'

/** Translates a Messages request to the body and path of a chat completion. */
export function toRequest(
  request: MessagesRequest,
  target: DialectTarget<ChatQuirks>,
  { report, sessionKey, webSearch }: RequestContext,
): UpstreamRequest {
  const { quirks } = target
  reportIgnored(request, quirks, report)
  const plan = toPlan(request, target, { report, webSearch })
  const functions = plan.tools.tools.map((tool) => toTool(tool, quirks, report))
  const tools = [...functions, ...plan.search.tools]
  const conversation = toConversation(request, target, plan, report)
  const stops = toStops(request, quirks, plan.thinking.isOn)
  const isStream = request.stream === true || quirks.stream_only

  const body: Draft<VendorRequest> = {
    model: target.model,
    messages: conversation.messages,
    tools: tools.length === 0 ? undefined : tools,
    ...toToolChoiceFields(plan.tools, quirks),
    response_format: toResponseFormat(plan.output),
    [quirks.max_tokens_field]: plan.maxTokens,
    ...toSampling(request, quirks, plan.thinking.isOn, report),
    ...stops.fields,
    ...toStreaming(isStream, quirks),
  }
  const layers = [
    conversation.fields,
    plan.thinking.fields,
    toExtensions(request, quirks),
    toKeyed(quirks.session_fields, sessionKey),
    body.tools === undefined ? {} : quirks.extra_body_with_tools,
    quirks.extra_body,
  ]
  return {
    path: '/chat/completions',
    body: finishBody(body, layers),
    headers: toKeyed(quirks.session_headers, sessionKey),
    stream: isStream,
    toolNames: plan.names.toClient,
    enforceStops: stops.enforced,
  }
}

/** Reports fields that clients always send and that have no counterpart in chat completions. */
function reportIgnored(request: MessagesRequest, quirks: ChatQuirks, report: Report): void {
  if (quirks.cache_control !== false) {
    ignoreToolCacheControl(request, report)
    if (quirks.cache_control === 'plain' && request.cache_control) {
      report.ignore('cache_control')
    }
  } else {
    ignoreCacheControl(request, report)
  }
  ignoreFields(request, ['metadata', 'service_tier', 'thinking.display'], report)
}

function toConversation(
  request: MessagesRequest,
  target: DialectTarget<ChatQuirks>,
  { names, thinking, hints }: ChatRequestPlan,
  report: Report,
): Prefill {
  const { quirks } = target
  const support = {
    images: quirks.images,
    imageUrls: quirks.image_urls,
    pdfs: quirks.pdfs !== 'none',
    pdfUrls: quirks.pdf_urls,
  }
  const { messages, system } = toMessages(
    toSupportedTurns(request.messages, target, { support, toolName: names.toUpstream, report }),
    target,
    { isThinking: thinking.isOn, report },
  )
  const blocks = [
    ...toSystemBlocks(request.system, report),
    ...system,
    ...hints.map((text) => ({ path: 'system', text })),
  ]
  const leading: VendorRequest['messages'] =
    blocks.length === 0
      ? []
      : [{ role: quirks.system_role, content: toTextContent(blocks, quirks) }]
  const lastPath = `messages.${request.messages.length - 1}`
  return toPrefill([...leading, ...messages], quirks, lastPath, report)
}

/** The top-level `cache_control`, if the server supports Anthropic's. */
function toExtensions(request: MessagesRequest, quirks: ChatQuirks): JsonObject {
  return quirks.cache_control === true && request.cache_control
    ? { cache_control: request.cache_control }
    : {}
}

function toKeyed(names: readonly string[], key: string | undefined): Record<string, string> {
  return key === undefined ? {} : Object.fromEntries(names.map((name) => [name, key]))
}

function toResponseFormat({ format }: OutputPlan): VendorRequest['response_format'] {
  if (format === undefined || format.type === 'json_object') {
    return format
  }
  const { type, ...schema } = format
  return { type, json_schema: schema }
}
