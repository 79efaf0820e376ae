/** `inferenceConfig`: output limit, sampling and stop sequences. */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import { atPath } from '../../shared/conversation/deep-merge.ts'
import { splitStops, toSampling } from '../../shared/conversation/sampling.ts'
import type { BedrockQuirks } from '../quirks.ts'
import type { ConverseRequest } from '../wire.ts'
import type { ConverseRequestPlan } from './plan.ts'

/**
 * The inference parameters of a request, model-specific fields, and the stop sequences that the gateway
 * enforces itself.
 */
export interface Inference {
  config: ConverseRequest['inferenceConfig']
  /** Fields merged into the request. */
  fields: JsonObject
  /** Stop sequences that the gateway must enforce. */
  enforceStops: string[]
}

/** Translates output limit, sampling and stop sequences. */
export function toInference(
  request: MessagesRequest,
  { maxTokens, thinking }: ConverseRequestPlan,
  quirks: BedrockQuirks,
  report: Report,
): Inference {
  const {
    temperature,
    top_p: topP,
    top_k: topK,
  } = toSampling(request, quirks, thinking.isOn, report)
  const isBoth = quirks.one_of_sampling && temperature !== undefined && topP !== undefined
  if (isBoth) {
    // `temperature` and `top_p` cannot both be specified for this model.
    report.drop('top_p')
  }
  const { sent: stopSequences, enforced: enforceStops } = splitStops(request, quirks.stop)
  return {
    config: {
      maxTokens,
      ...(temperature === undefined ? {} : { temperature }),
      ...(topP === undefined || isBoth ? {} : { topP }),
      ...(stopSequences.length === 0 ? {} : { stopSequences }),
    },
    fields: {
      ...(topK === undefined ? {} : atPath(quirks.top_k_field, topK)),
      // Requests the stop sequence that matched; models that do not report it ignore this.
      ...(stopSequences.length === 0
        ? {}
        : { additionalModelResponseFieldPaths: ['/stop_sequence'] }),
    },
    enforceStops,
  }
}
