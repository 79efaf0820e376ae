/** Facts about a provider's model, from any source. */
import type { Capabilities, CatalogModel } from '../../catalog/schema/model.ts'

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
  isGone?: boolean | undefined
}

/** Merges two sources on one model; the first takes precedence. */
export function mergeFacts(first: ModelFacts, second: ModelFacts | undefined): ModelFacts {
  if (second === undefined) {
    return first
  }
  return {
    model: first.model,
    displayName: first.displayName ?? second.displayName,
    createdAt: first.createdAt ?? second.createdAt,
    maxInputTokens: first.maxInputTokens ?? second.maxInputTokens,
    maxOutputTokens: first.maxOutputTokens ?? second.maxOutputTokens,
    capabilities: { ...second.capabilities, ...first.capabilities },
    price: first.price ?? second.price,
    chats: first.chats ?? second.chats,
    isGone: first.isGone ?? second.isGone,
  }
}

/** Names of models that are not chat models, for lists that contain only names. */
const otherPurposes =
  /embed|whisper|tts|speech|audio|transcri|dall-e|image|moderation|guard|rerank|realtime|sora|video|ocr/i

/** Whether the gateway can serve a model. */
export function isChatModel({ model, chats, isGone }: ModelFacts): boolean {
  return isGone !== true && (chats ?? !otherPurposes.test(model))
}
