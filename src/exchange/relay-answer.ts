/**
 * Answers one request to a model: makes attempts and relays their bodies. When the answer has ended,
 * the exchange gets its outcome, even if the client has disconnected.
 */
import type { Diagnostics } from '../anthropic/answer/wire/diagnostics.ts'
import { isObject } from '../anthropic/json.ts'
import type { RelayResult } from '../streaming/relay.ts'
import { relay } from '../streaming/relay.ts'
import type { Form, MessageOptions } from '../streaming/response-format.ts'
import { createResponseFormat } from '../streaming/response-format.ts'
import type { AnswerSource } from './answer-source.ts'
import { Attempts } from './attempts.ts'
import { toServiceUsage } from './policy/requested-service.ts'
import type { ClientRequest } from './request/request.ts'
import type { Services } from './request/services.ts'
import type { AttemptTarget } from './request/targets.ts'

/**
 * The silence in milliseconds after which a ping is sent; half of what the strictest proxies allow.
 */
const pingAfterMs = 10_000

/** Longer than any answer takes. */
const neverMs = 24 * 3_600_000

/**
 * Asks targets until one answers. Resolves to what there is to respond with; without `pings` that is the
 * whole answer or a failure.
 */
export async function relayAnswer(
  services: Services,
  request: ClientRequest,
  targets: readonly AttemptTarget[],
  { form, pings }: { form: Form; pings: boolean },
): Promise<{ opened: RelayResult; attempts: AnswerSource }> {
  const { exchange, client, timers, waitUntil } = request
  const message = await toMessageOptions(services, request, targets[0])
  exchange.answering()
  const runsTools =
    request.serverTools?.isServing === true &&
    targets.some(({ dialect }) => dialect.kind === 'translated')
  const takesSeveralCalls =
    runsTools || request.compaction !== undefined || request.fallbacks?.isEmpty === false
  const { attempts, format } = takesSeveralCalls
    ? (await import('./tool-loop.ts')).createToolLoop(services, request, { targets, form, message })
    : {
        attempts: new Attempts(services, request, targets),
        format: createResponseFormat(form, message),
      }
  const opened = await relay((failure) => attempts.next(failure), format, {
    client,
    waitUntil,
    timers,
    pingAfterMs: pings ? pingAfterMs : neverMs,
    onStart: (delivered) => exchange.answerStarted(delivered),
    onBodyEnd: (delivered, isComplete) => exchange.bodyEnded(delivered, isComplete),
    onContent() {
      exchange.contentStarted()
      if (form === 'events') {
        // No fail-over is possible from here on.
        attempts.commit()
      }
    },
    onSettle: (failure) => attempts.settle(failure),
    onEnd(outcome) {
      client.release()
      exchange.finished(outcome)
    },
  })
  return { opened, attempts }
}

function toAdditions({ context, body, exchange }: ClientRequest): MessageOptions['toAdditions'] {
  // Not the body, which is released while the answer is written.
  const { service_tier, speed, inference_geo } = body.json
  const requestedService = { service_tier, speed, inference_geo }
  const asksForService = Object.values(requestedService).some((value) => value !== undefined)
  if (context === undefined && !asksForService) {
    return undefined
  }
  return () => {
    const { marks } = exchange.record.target ?? {}
    return {
      contextManagement:
        context?.hasEdits === true ? { applied_edits: context.applied } : undefined,
      service:
        asksForService && marks !== undefined ? toServiceUsage(requestedService, marks) : undefined,
    }
  }
}

async function toMessageOptions(
  services: Services,
  request: ClientRequest,
  best: AttemptTarget | undefined,
): Promise<MessageOptions> {
  const { body, exchange, prompt, requestedModel, serverTools } = request
  const id = services.newId('msg_')
  // Anthropic's own servers compare prompts themselves.
  const isDiagnosed = isObject(body.json['diagnostics']) && best?.dialect.kind === 'translated'
  return {
    id,
    model: requestedModel,
    requestId: exchange.record.id,
    estimatedInput: () => prompt.estimateInput(),
    maxTokens: exchange.record.admission?.maxTokens,
    toAdditions: toAdditions(request),
    toToolsetCall: serverTools?.toolsets?.toCall,
    diagnostics: isDiagnosed ? await diagnose(services, request, id) : undefined,
  }
}

async function diagnose(
  services: Services,
  request: ClientRequest,
  messageId: string,
): Promise<Diagnostics | null> {
  const { toDiagnostics } = await import('./diagnostics.ts')
  return toDiagnostics(services, request, messageId)
}
