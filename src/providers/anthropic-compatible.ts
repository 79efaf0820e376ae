/**
 * What hosts of Anthropic's protocol know that are not Anthropic. Some refuse what they do not know
 * (`context_management: Extra inputs are not permitted`), and fields are added every month, so they
 * are named here; the catalogue may name others.
 */
import { anthropic as dialect } from '../dialects/anthropic/index.ts'
import type { AnthropicQuirks } from '../dialects/anthropic/quirks.ts'
import { definePreset } from './provider.ts'
import type { Preset } from './provider.ts'

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

/** No betas; a mark for the cache without a `ttl` or a `scope`. */
const compatible: AnthropicQuirks = { fields, betas: [], cache_control: 'plain' }

/** For a vendor who translates Anthropic's protocol to his own models. `more` are fields beside the usual ones. */
export function defineCompatible({
  more = [],
  quirks,
  ...preset
}: Omit<Preset, 'dialect' | 'quirks' | 'models'> & {
  more?: readonly string[]
  quirks?: Partial<AnthropicQuirks>
}): Preset {
  return definePreset<AnthropicQuirks>({
    ...preset,
    dialect,
    quirks: { ...compatible, fields: [...fields, ...more], ...quirks },
  })
}
