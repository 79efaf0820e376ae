/** What is known of a provider's model, whoever said it. */
import type { Capabilities, CatalogModel } from '../../catalog/schema.ts'

export interface ModelFacts {
  /** Its name at the provider. */
  model: string
  displayName?: string | undefined
  /** ISO 8601. */
  createdAt?: string | undefined
  maxInputTokens?: number | undefined
  maxOutputTokens?: number | undefined
  capabilities: Capabilities
  /** USD per million tokens. */
  price?: CatalogModel['price']
  /** Whether it answers conversations; undefined where nobody says. */
  chats?: boolean | undefined
  /** The provider no longer serves it, or will not for long. */
  isGone?: boolean | undefined
}

/** Two sources on one model: where both speak, the first is believed. */
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

/** Names of models that do something else, in lists that say no more than names. */
const otherTrades =
  /embed|whisper|tts|speech|audio|transcri|dall-e|image|moderation|guard|rerank|realtime|sora|video|ocr/i

/** Whether a model is one that the gateway can serve. */
export function isChatModel({ model, chats, isGone }: ModelFacts): boolean {
  return isGone !== true && (chats ?? !otherTrades.test(model))
}
