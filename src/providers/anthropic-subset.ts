/**
 * The quirks of Anthropic-compatible hosts. Some reject unknown fields (`context_management: Extra
 * inputs are not permitted`), and Anthropic adds fields often, so that the supported ones are
 * listed; the catalog may list others.
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
 * Returns the quirks of a host that serves its own models: the usual fields and `more`, no betas,
 * and cache breakpoints without a `ttl` or a `scope` unless `quirks` override that.
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
