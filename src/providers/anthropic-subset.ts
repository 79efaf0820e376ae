/**
 * Hosts of Anthropic's protocol other than Anthropic. Some refuse unknown fields
 * (`context_management: Extra inputs are not permitted`), and Anthropic adds fields every month, so
 * the known ones are listed; the catalog may list others.
 */
import type { AnthropicQuirks } from '../dialects/anthropic/quirks.ts'

const fields = [
  'model',
  'max_tokens',
  'messages',
  'system',
  'stream',
  'stop_sequences',
  'temperature',
  'top_p',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
]

/**
 * Quirks of a host that translates Anthropic's protocol to models of its own: the usual fields and
 * `more`, no betas, and cache breakpoints without a `ttl` or a `scope` unless `quirks` say otherwise.
 */
export function anthropicSubset(
  more: readonly string[],
  quirks: Partial<AnthropicQuirks> = {},
): Partial<AnthropicQuirks> {
  return {
    betas: [],
    cache_control: 'plain',
    call_thinking: 'none',
    ...quirks,
    fields: [...fields, ...more],
  }
}
