/**
 * Attributes of the logical call to a model in the names that some backends read in place of OpenTelemetry's:
 * OpenInference (https://github.com/Arize-ai/openinference/tree/main/spec) and Langfuse
 * (https://langfuse.com/integrations/native/opentelemetry).
 */
import { nanoPerUsd } from '../../catalog/price.ts'
import type { Attributes } from '../../telemetry/span.ts'
import { isCounted } from '../record/to-log-line.ts'
import type { FinishedExchange } from './finished.ts'
import { toUpstreamModel } from './gen-ai.ts'

/** The attributes of an exchange in the names of OpenInference. */
export function toOpenInference({ record, billed }: FinishedExchange): Attributes {
  const { target, parameters, key, admission } = record
  return {
    'openinference.span.kind': 'LLM',
    'llm.model_name': target && toUpstreamModel(target),
    'llm.provider': target?.genAiProvider,
    'llm.system': target?.genAiProvider,
    'llm.invocation_parameters': parameters && JSON.stringify(toInvocation(parameters)),
    'session.id': admission?.session,
    'user.id': key?.id,
    ...(billed && isCounted(record) ? toTokenCounts(billed) : {}),
  }
}

function toInvocation({
  maxTokens,
  temperature,
  topP,
  topK,
}: NonNullable<FinishedExchange['record']['parameters']>): object {
  return { max_tokens: maxTokens, temperature, top_p: topP, top_k: topK }
}

function toTokenCounts({ usage, cost }: NonNullable<FinishedExchange['billed']>): Attributes {
  const { input, output, cacheRead, cacheWrite, thinking } = usage
  const prompt = input + cacheRead + cacheWrite
  return {
    'llm.token_count.prompt': prompt,
    'llm.token_count.completion': output,
    'llm.token_count.total': prompt + output,
    'llm.token_count.prompt_details.cache_read': cacheRead,
    'llm.token_count.prompt_details.cache_write': cacheWrite,
    'llm.token_count.completion_details.reasoning': thinking,
    'llm.cost.total': cost === undefined ? undefined : { double: cost / nanoPerUsd },
  }
}

/** The attributes of an exchange in the names of Langfuse. */
export function toLangfuse({ record, billed }: FinishedExchange): Attributes {
  const { key, admission, requestedModel } = record
  const cost = billed?.cost
  return {
    'langfuse.observation.type': 'generation',
    'langfuse.trace.name': requestedModel && `chat ${requestedModel}`,
    'langfuse.user.id': key?.id,
    'langfuse.session.id': admission?.session,
    'langfuse.trace.tags': key?.group === undefined ? undefined : [key.group],
    ...(billed && isCounted(record)
      ? {
          'langfuse.observation.usage_details': JSON.stringify(toUsageDetails(billed)),
          'langfuse.observation.cost_details':
            cost === undefined ? undefined : JSON.stringify({ total: cost / nanoPerUsd }),
        }
      : {}),
  }
}

/** Langfuse adds the entries up, so that none includes another one. */
function toUsageDetails({ usage }: NonNullable<FinishedExchange['billed']>): object {
  return {
    input: usage.input,
    output: usage.output,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation_input_tokens: usage.cacheWrite,
  }
}
