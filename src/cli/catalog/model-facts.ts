/** Facts about a provider's model, from any source. */
import type { Capabilities, CatalogModel } from '../../catalog/schema/model.ts'
import { defined } from '../../platform/defined.ts'

/** What a source states about a model; undefined fields are unknown. */
export interface ModelFacts {
  /** The model's name at the provider. */
  model: string
  displayName?: string | undefined
  /** The release date, in ISO 8601. */
  createdAt?: string | undefined
  maxInputTokens?: number | undefined
  maxOutputTokens?: number | undefined
  capabilities: Capabilities
  /** The price in USD per million tokens. */
  price?: CatalogModel['price']
  /** Whether it is a chat model; undefined if no source states it. */
  chats?: boolean | undefined
  /** Whether the provider has retired or deprecated it. */
  isRetired?: boolean | undefined
}

/** Merges two sources on one model; the first takes precedence. */
export function mergeFacts(first: ModelFacts, second: ModelFacts | undefined): ModelFacts {
  if (second === undefined) {
    return first
  }
  const capabilities = { ...second.capabilities, ...first.capabilities }
  return { ...second, ...defined(first), capabilities }
}

/** Names of models that are not chat models, for lists that contain only names. */
const otherPurposes =
  /embed|whisper|tts|speech|audio|transcri|dall-e|image|moderation|guard|rerank|realtime|sora|video|ocr/i

/** Whether the gateway can serve a model. */
export function isChatModel({ model, chats, isRetired }: ModelFacts): boolean {
  return isRetired !== true && (chats ?? !otherPurposes.test(model))
}
