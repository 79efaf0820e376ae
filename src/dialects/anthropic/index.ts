/** Anthropic's own protocol, passed through: bytes and errors are unchanged in both directions. */
import type { PassThrough } from '../pass-through.ts'
import { anthropicQuirks } from './quirks.ts'
import { toAnthropicBody } from './request/request.ts'

export const anthropic: PassThrough = {
  kind: 'pass-through',
  name: 'anthropic',
  quirksSchema: anthropicQuirks,
  path: (endpoint) => (endpoint === 'count_tokens' ? '/v1/messages/count_tokens' : '/v1/messages'),
  toBody: toAnthropicBody,
}
