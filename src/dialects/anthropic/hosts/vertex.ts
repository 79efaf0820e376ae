/**
 * Claude on Vertex AI: Anthropic's own bodies and events, but the model is in the path, the version
 * in the body, and some errors have Google's format
 * (https://docs.claude.com/en/api/claude-on-vertex-ai).
 */
import { asObject, parseJson } from '../../../anthropic/json.ts'
import type { ClientBody, Endpoint, Forwarding } from '../../pass-through.ts'
import { toAnthropicBody } from '../request/request.ts'
import { replaceModelPair } from '../request/splice.ts'

/** The paths and bodies of `rawPredict` and `streamRawPredict`. */
export const forwarding: Forwarding = {
  path(endpoint, model, body) {
    const [name, method] =
      endpoint === 'count_tokens'
        ? ['count-tokens', 'rawPredict']
        : [model, body['stream'] === true ? 'streamRawPredict' : 'rawPredict']
    return `/publishers/anthropic/models/${encodeURIComponent(name).replace('%40', '@')}:${method}`
  },
  toBody: toVertexBody,
}

const version = 'vertex-2023-10-16'

/**
 * The request body for Vertex AI: `anthropic_version` in place of `model`, which stays only in
 * requests to count tokens.
 */
function toVertexBody(body: ClientBody, model: string, endpoint: Endpoint): string {
  const fields = {
    anthropic_version: version,
    ...(endpoint === 'count_tokens' ? { model } : {}),
  }
  const cleaned = toAnthropicBody(body, model)
  const text = typeof cleaned === 'string' ? cleaned : body.text
  const spliced =
    'anthropic_version' in body.json
      ? undefined
      : replaceModelPair(text, JSON.stringify(fields).slice(1, -1))
  if (spliced !== undefined) {
    return spliced
  }
  const { model: _model, anthropic_version: _version, ...rest } = asObject(parseJson(text)) ?? {}
  return JSON.stringify({ ...fields, ...rest })
}
