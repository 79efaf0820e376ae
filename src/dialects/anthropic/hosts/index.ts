/** Hosts of Claude that wrap Anthropic's protocol in paths, bodies or errors of their own. */
import type { PassThrough } from '../../pass-through.ts'
import { anthropicQuirks } from '../quirks.ts'

/** The dialect `bedrock-anthropic`: Claude by `InvokeModel`. */
export const bedrockAnthropic: PassThrough = {
  kind: 'pass-through',
  name: 'bedrock-anthropic',
  quirksSchema: anthropicQuirks,
  countsTokens: false,
  betasInBody: true,
  load: async () => (await import('./bedrock.ts')).forwarding,
}

/** The dialect `vertex-anthropic`: Claude by `rawPredict`. */
export const vertexAnthropic: PassThrough = {
  kind: 'pass-through',
  name: 'vertex-anthropic',
  quirksSchema: anthropicQuirks,
  load: async () => (await import('./vertex.ts')).forwarding,
}
