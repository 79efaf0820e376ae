/**
 * Claude on Amazon Bedrock's InvokeModel: Anthropic's own bodies and events, but the model is in
 * the path, version and betas are in the body, streams use AWS's event stream framing, and errors
 * have AWS's format (https://docs.claude.com/en/api/claude-on-amazon-bedrock).
 */
import { toErrorReply } from '../../../anthropic/error-reply.ts'
import { asObject, asString, parseJson } from '../../../anthropic/json.ts'
import { fromBase64 } from '../../../platform/bytes.ts'
import type { TargetModel, UpstreamEvent } from '../../dialect.ts'
import type { ClientBody, Forwarding } from '../../pass-through.ts'
import { toEventFailure } from '../../shared/errors/upstream-error.ts'
import { omitKeys } from '../../shared/schema/schema-walk.ts'
import { toAnthropicBody } from '../request/request.ts'

/** The paths, bodies and frames of `InvokeModel`. */
export const forwarding: Forwarding = {
  path(_endpoint, model, body) {
    const method = body['stream'] === true ? 'invoke-with-response-stream' : 'invoke'
    return `/model/${encodeURIComponent(model)}/${method}`
  },
  toBody,
  fromFrame,
}

const version = 'bedrock-2023-05-31'
const unknown = new Set(['model', 'stream', 'anthropic_version', 'anthropic_beta'])

/**
 * The request body for InvokeModel: `model` and `stream` are removed, since InvokeModel rejects
 * them.
 */
function toBody(body: ClientBody, model: string): string {
  const cleaned = toAnthropicBody(body, model)
  const fields = typeof cleaned === 'string' ? (asObject(parseJson(cleaned)) ?? {}) : body.json
  const { betas = [] } = body
  return JSON.stringify({
    anthropic_version: version,
    ...(betas.length === 0 ? {} : { anthropic_beta: betas }),
    ...omitKeys(fields, unknown),
  })
}

/**
 * Converts a frame, `{"bytes": base64 of an Anthropic event}`, to a server-sent event with
 * unchanged data.
 */
function fromFrame({ event, data }: UpstreamEvent, target: TargetModel): string {
  if (event === 'error') {
    return toErrorText(data, target)
  }
  const bytes = asString(asObject(parseJson(data))?.['bytes'])
  return bytes === undefined ? '' : toText(decodeBase64(bytes))
}

function toText(json: string): string {
  const type = asString(asObject(parseJson(json))?.['type'])
  return type === undefined ? '' : `event: ${type}\ndata: ${withoutMetrics(json)}\n\n`
}

const metrics = 'amazon-bedrock-invocationMetrics'

/**
 * The event without AWS's metrics, which are in the last one; other events are returned unchanged.
 */
function withoutMetrics(json: string): string {
  return json.includes(`"${metrics}":`)
    ? JSON.stringify(omitKeys(asObject(parseJson(json)) ?? {}, new Set([metrics])))
    : json
}

function toErrorText(data: string, target: TargetModel): string {
  const { type, message } = toErrorReply(toEventFailure(parseJson(data) ?? data, target))
  const error = { type: 'error', error: { type, message } }
  return `event: error\ndata: ${JSON.stringify(error)}\n\n`
}

function decodeBase64(text: string): string {
  return new TextDecoder().decode(fromBase64(text))
}
