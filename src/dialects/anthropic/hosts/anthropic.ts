/** Anthropic's own servers, and others with the same paths and bodies. */
import type { Forwarding } from '../../pass-through.ts'
import { toAnthropicBody } from '../request/request.ts'

/** The paths and bodies of Anthropic's API. */
export const forwarding: Forwarding = {
  path: (endpoint) => (endpoint === 'count_tokens' ? '/v1/messages/count_tokens' : '/v1/messages'),
  toBody: toAnthropicBody,
}
