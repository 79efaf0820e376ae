/** Anthropic's own protocol, passed through: bytes and errors are unchanged in both directions. */
import type { PassThrough } from '../pass-through.ts'
import { anthropicQuirks } from './quirks.ts'

/** The dialect `anthropic`. */
export const anthropic: PassThrough = {
  kind: 'pass-through',
  name: 'anthropic',
  quirksSchema: anthropicQuirks,
  load: async () => (await import('./hosts/anthropic.ts')).forwarding,
}
