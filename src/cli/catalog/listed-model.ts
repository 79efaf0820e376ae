/**
 * Reads one entry of a provider's model list. Providers use different fields for the same facts: all of
 * them are tried, and a missing fact stays undefined.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString } from '../../anthropic/json.ts'
import type { Capabilities } from '../../catalog/schema/model.ts'
import { toPrice } from './listed-price.ts'
import type { ModelFacts } from './model-facts.ts'

/** Reads an entry; undefined if it has no name. */
export function readListedModel(entry: JsonObject): ModelFacts | undefined {
  const name = asString(entry['id']) ?? asString(entry['name']) ?? asString(entry['model'])
  if (name === undefined || name === '') {
    return undefined
  }
  return {
    model: name.replace(/^models\//, ''),
    displayName: toDisplayName(entry, name),
    createdAt: toCreatedAt(entry),
    maxInputTokens: first(entry, inputLimits, toLimit),
    maxOutputTokens: first(entry, outputLimits, toLimit),
    capabilities: toCapabilities(entry),
    price: toPrice(entry),
    chats: toChats(entry),
    isRetired: readRetirement(entry),
  }
}

const inputLimits = [
  'inputTokenLimit',
  'max_input_tokens',
  'context_length',
  'context_window',
  'max_context_length',
  'max_model_len',
  'model_spec.availableContextTokens',
  'capabilities.limits.max_context_window_tokens',
  'meta.n_ctx',
  'meta.n_ctx_train',
  'top_provider.context_length',
]

const outputLimits = [
  'outputTokenLimit',
  'max_completion_tokens',
  'max_output_tokens',
  'max_output_length',
  'max_tokens',
  'top_provider.max_completion_tokens',
  'model_spec.maxCompletionTokens',
  'capabilities.limits.max_output_tokens',
]

/** The paths that may contain a flag, for each capability of the catalog. */
const flags: Partial<Record<keyof Capabilities, readonly string[]>> = {
  image_input: [
    'capabilities.vision',
    'capabilities.image_input.supported',
    'model_spec.capabilities.supportsVision',
  ],
  pdf_input: ['capabilities.pdf_input.supported'],
  thinking: [
    'thinking',
    'capabilities.thinking.supported',
    'capabilities.reasoning',
    'model_spec.capabilities.supportsReasoning',
    'capabilities.supports.adaptive_thinking',
  ],
  effort: ['capabilities.effort.supported', 'model_spec.capabilities.supportsReasoningEffort'],
  structured_outputs: [
    'capabilities.structured_outputs.supported',
    'model_spec.capabilities.supportsResponseSchema',
    'capabilities.supports.structured_outputs',
    'supports_structured_output',
  ],
}

function toCapabilities(entry: JsonObject): Capabilities {
  const capabilities: Capabilities = {}
  const parameters = entry['supported_parameters'] ?? entry['supported_features']
  if (Array.isArray(parameters)) {
    capabilities.structured_outputs = parameters.includes('structured_outputs')
    capabilities.thinking = parameters.includes('reasoning')
  }
  const inputs = modalities(entry, 'input_modalities')
  if (inputs !== undefined) {
    capabilities.image_input = inputs.includes('image')
    capabilities.pdf_input = inputs.includes('file') || inputs.includes('pdf')
  }
  for (const [capability, paths] of Object.entries(flags)) {
    const value = first(entry, paths, (found) => (typeof found === 'boolean' ? found : undefined))
    if (value !== undefined) {
      Object.assign(capabilities, { [capability]: value })
    }
  }
  return capabilities
}

function modalities(entry: JsonObject, name: string): readonly unknown[] | undefined {
  const value = entry[name] ?? at(entry, `architecture.${name}`)
  return Array.isArray(value) ? value : undefined
}

/** The display name, if it differs from `name`, the model's id. */
function toDisplayName(entry: JsonObject, name: string): string | undefined {
  const paths = ['displayName', 'display_name', 'model_spec.name', 'name']
  const shown = first(entry, paths, (value) => asString(value) || undefined)
  return shown === name ? undefined : shown
}

function toCreatedAt(entry: JsonObject): string | undefined {
  const text = asString(entry['created_at'])
  const seconds = entry['created']
  const date =
    typeof seconds === 'number' && seconds > 0 ? new Date(seconds * 1000) : new Date(text ?? '')
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace('.000Z', 'Z')
}

const otherTypes =
  /embed|image|audio|speech|rerank|moderation|transcri|video|tts|asr|inpaint|upscale/

function toChats(entry: JsonObject): boolean | undefined {
  const methods = entry['supportedGenerationMethods']
  if (Array.isArray(methods)) {
    return methods.includes('generateContent')
  }
  const chats = at(entry, 'capabilities.completion_chat')
  if (typeof chats === 'boolean') {
    return chats
  }
  if (otherTypes.test(asString(entry['type']) ?? '')) {
    return false
  }
  return modalities(entry, 'output_modalities')?.includes('text')
}

function readRetirement(entry: JsonObject): boolean | undefined {
  const isOff = entry['active'] === false || at(entry, 'model_spec.offline') === true
  const isEnded =
    /retired|deprecated|legacy/i.test(asString(entry['status']) ?? '') ||
    asString(entry['deprecation']) !== undefined ||
    asString(entry['shutdown_date']) !== undefined
  return isOff || isEnded ? true : undefined
}

function toLimit(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined
}

/** Returns the value at the first path that `read` accepts. */
function first<Value>(
  entry: JsonObject,
  paths: readonly string[],
  read: (value: unknown) => Value | undefined,
): Value | undefined {
  for (const path of paths) {
    const value = read(at(entry, path))
    if (value !== undefined) {
      return value
    }
  }
  // A router nests the facts in a list of providers for each model.
  const [provider] = asArray(entry['providers'])
  const inner = asObject(provider)
  return inner === undefined ? undefined : first({ ...inner, providers: [] }, paths, read)
}

function at(entry: JsonObject, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => asObject(value)?.[key], entry)
}
