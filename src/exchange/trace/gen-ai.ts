/**
 * Attributes in the names of OpenTelemetry's GenAI conventions
 * (https://github.com/open-telemetry/semantic-conventions-genai), and the gateway's own.
 */
import { nanoPerUsd } from '../../catalog/price.ts'
import type { Attributes } from '../../telemetry/span.ts'
import type { ExchangeRecord, TargetRecord } from '../record/exchange-record.ts'
import type { BilledUsage } from '../record/to-log-line.ts'
import { isCounted } from '../record/to-log-line.ts'
import type { FinishedExchange } from './finished.ts'

/** The attributes of the logical call to a model, which all attempts are for. */
export function toGenAiAttributes({ record, billed }: FinishedExchange): Attributes {
  const { admission, target, attempts = [], adaptations = [], contentMs, outcome } = record
  const stopReason = outcome?.state === 'complete' ? outcome.stopReason : undefined
  return {
    'gen_ai.operation.name': toOperation(record),
    'gen_ai.request.model': record.requestedModel,
    'gen_ai.response.finish_reasons': stopReason === undefined ? undefined : [stopReason],
    ...toRequestAttributes(record),
    ...(target && toTargetAttributes(target)),
    'gen_ai.conversation.id': admission?.session,
    'gen_ai.agent.id': admission?.agent,
    ...(billed && isCounted(record) ? toUsageAttributes(billed) : {}),
    'gateway.attempts': attempts.length,
    'gateway.adapted': adaptations.length === 0 ? undefined : adaptations.map(({ field }) => field),
    'gateway.time_to_first_content_ms': contentMs,
  }
}

/** `chat`, or `count_tokens`. */
export function toOperation({ admission }: Pick<ExchangeRecord, 'admission'>): string {
  return admission?.kind === 'count_tokens' ? 'count_tokens' : 'chat'
}

function toRequestAttributes({ parameters, stream }: ExchangeRecord): Attributes {
  return {
    'gen_ai.request.stream': stream,
    'gen_ai.request.max_tokens': parameters?.maxTokens,
    'gen_ai.request.temperature': toDouble(parameters?.temperature),
    'gen_ai.request.top_p': toDouble(parameters?.topP),
    'gen_ai.request.top_k': parameters?.topK,
    'gen_ai.output.type': parameters && (parameters.isJson ? 'json' : 'text'),
  }
}

/** Attributes of a target. */
export function toTargetAttributes(target: TargetRecord): Attributes {
  const { hostname, port } = URL.parse(target.baseUrl) ?? {}
  return {
    'gen_ai.provider.name': target.genAiProvider,
    // The name that older backends read.
    'gen_ai.system': target.genAiProvider,
    'gen_ai.response.model': toUpstreamModel(target),
    'server.address': hostname || undefined,
    'server.port': port ? Number(port) : undefined,
    'gateway.provider': target.provider,
    'gateway.dialect': target.dialect,
  }
}

/** The provider's name of a model. */
export function toUpstreamModel({ name, provider }: TargetRecord): string {
  return name.slice(provider.length + 1)
}

/** The conventions count cached tokens as input. */
function toUsageAttributes({ usage, cost }: BilledUsage): Attributes {
  const { input, output, cacheRead, cacheWrite, thinking } = usage
  return {
    'gen_ai.usage.input_tokens': input + cacheRead + cacheWrite,
    'gen_ai.usage.output_tokens': output,
    'gen_ai.usage.cache_read.input_tokens': cacheRead,
    'gen_ai.usage.cache_write.input_tokens': cacheWrite,
    // The name before `cache_write`.
    'gen_ai.usage.cache_creation.input_tokens': cacheWrite,
    'gen_ai.usage.reasoning.output_tokens': thinking,
    'gateway.cost_usd': toDouble(cost === undefined ? undefined : cost / nanoPerUsd),
  }
}

function toDouble(value: number | undefined): { double: number } | undefined {
  return value === undefined ? undefined : { double: value }
}
