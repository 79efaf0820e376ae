/** `generationConfig`: output limit, sampling, stop sequences, output format and thinking. */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import { defined } from '../../../platform/defined.ts'
import type { DialectTarget } from '../../dialect.ts'
import { splitStops, toMaxTokens, toSampling } from '../../shared/conversation/sampling.ts'
import { inlineReferences } from '../../shared/schema/inline-references.ts'
import type { OutputPlan } from '../../shared/schema/structured-output.ts'
import type { GeminiQuirks } from '../quirks.ts'
import type { GenerationConfig } from '../wire.ts'
import { toGeminiSchema } from './schema.ts'
import { toThinkingConfig } from './thinking.ts'

/** The generation parameters of a request, and the stop sequences that the gateway enforces itself. */
export interface Generation {
  config: GenerationConfig
  /** Stop sequences that the gateway must enforce. */
  enforceStops: string[]
}

/**
 * The number of stop sequences that Gemini accepts
 * (https://ai.google.dev/api/generate-content#generationconfig).
 */
const maxStops = 5

/** Translates output limit, sampling, stop sequences, output format and thinking. */
export function toGeneration(
  request: MessagesRequest,
  output: OutputPlan,
  target: DialectTarget<GeminiQuirks>,
  report: Report,
): Generation {
  const { quirks } = target
  const maxOutputTokens = toMaxTokens(request.max_tokens, target, {
    field: 'maxOutputTokens',
    least: 1,
    report,
  })
  const { sent: stopSequences, enforced: enforceStops } = splitStops(
    request,
    quirks.drop_params.includes('stop_sequences') ? 0 : maxStops,
  )
  const thinkingConfig = toThinkingConfig(request, target, maxOutputTokens, report)
  return {
    config: {
      maxOutputTokens,
      ...toNamedSampling(request, quirks, report),
      ...(stopSequences.length === 0 ? {} : { stopSequences }),
      ...toResponseFormat(output, quirks, report),
      ...(Object.keys(thinkingConfig).length === 0 ? {} : { thinkingConfig }),
    },
    enforceStops,
  }
}

function toNamedSampling(
  request: MessagesRequest,
  { drop_params }: GeminiQuirks,
  report: Report,
): Pick<GenerationConfig, 'temperature' | 'topP' | 'topK'> {
  const sampling = toSampling(request, { drop_params, drop_params_thinking: [] }, false, report)
  const { temperature, top_p: topP, top_k: topK } = sampling
  return defined({ temperature, topP, topK })
}

function toResponseFormat(
  { format }: OutputPlan,
  { json_schemas }: GeminiQuirks,
  report: Report,
): Pick<GenerationConfig, 'responseMimeType' | 'responseSchema' | 'responseJsonSchema'> {
  if (format === undefined) {
    return {}
  }
  const responseMimeType = 'application/json'
  if (format.type === 'json_object') {
    return { responseMimeType }
  }
  const path = 'output_config.format.schema'
  return json_schemas
    ? { responseMimeType, responseJsonSchema: inlineReferences(format.schema, path, report) }
    : { responseMimeType, responseSchema: toGeminiSchema(format.schema, path, report) }
}
