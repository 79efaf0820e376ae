import { toErrorReply } from '../../../anthropic/error.ts'
import { asObject, asString, parseJson } from '../../../anthropic/json.ts'
/**
 * Claude on Amazon Bedrock's InvokeModel: Anthropic's own bodies and events, but the model stands in
 * the path, version and betas in the body, streams come in AWS's event stream, and errors are AWS's
 * (https://docs.claude.com/en/api/claude-on-amazon-bedrock).
 */
import { fromBase64 } from '../../../platform/bytes.ts'
import type { TargetModel, UpstreamEvent } from '../../dialect.ts'
import type { ClientBody, PassThrough } from '../../pass-through.ts'
import { toEventFailure, toReplyFailure } from '../../shared/errors/upstream-error.ts'
import { omitKeys } from '../../shared/tools/schema-walk.ts'
import { anthropicQuirks } from '../quirks.ts'
import { toAnthropicBody } from '../request/request.ts'

export const bedrockAnthropic: PassThrough = {
  kind: 'pass-through',
  name: 'bedrock-anthropic',
  quirksSchema: anthropicQuirks,
  path(_endpoint, model, body) {
    const method = body['stream'] === true ? 'invoke-with-response-stream' : 'invoke'
    return `/model/${encodeURIComponent(model)}/${method}`
  },
  toBody,
  toFailure: toReplyFailure,
  countsTokens: false,
  betasInBody: true,
  fromFrame,
}

const version = 'bedrock-2023-05-31'
const unknown = new Set(['model', 'stream', 'anthropic_version', 'anthropic_beta'])

/** Written anew, since model and stream are refused there. */
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

/** `{"bytes": base64 of an event of Anthropic's}`; the event goes on as it came. */
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

/** AWS's own count, in the last event; no byte of another is touched. */
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
