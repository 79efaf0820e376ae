/** A model as described by `/v1/models`. Every field is always present, as in Anthropic's API. */
import type { ServerToolSettings } from '../server-tools/settings.ts'
import type { Price } from './price.ts'
import type { Registries } from './registries.ts'
import { dialectFor, lookUp } from './registries.ts'
import type { Resolution } from './resolve/resolve.ts'
import type { Catalog } from './schema/catalog.ts'
import type { Capabilities, CatalogModel, CatalogTarget } from './schema/model.ts'
import { toServerToolSettings } from './server-tools.ts'

interface Support {
  supported: boolean
}

/** A model as clients receive it from `/v1/models` (https://docs.claude.com/en/api/models). */
export interface ModelInfo {
  id: string
  type: 'model'
  display_name: string
  /** The provider that serves the model, and its price. Claude Code shows it in its list of models. */
  description: string
  created_at: string
  max_input_tokens: number | null
  max_tokens: number | null
  lifecycle: 'active' | 'deprecated' | 'retired'
  deprecated_at: string | null
  retires_at: string | null
  line: string | null
  /** The model's capabilities; null if the catalog has none. */
  capabilities: ModelCapabilities | null
}

interface ModelCapabilities {
  batch: Support
  citations: Support
  code_execution: Support
  context_management: Support & {
    clear_thinking_20251015: Support
    clear_tool_uses_20250919: Support
    compact_20260112: Support
  }
  effort: Support & Record<'low' | 'medium' | 'high' | 'xhigh' | 'max', Support>
  image_input: Support
  pdf_input: Support
  server_tools: Support & Record<'code_execution' | 'web_search', Support>
  structured_outputs: Support
  thinking: Support & {
    types: Record<'adaptive' | 'between_tools' | 'disabled' | 'enabled', Support>
  }
}

/** What describes a model besides its own entry. */
export interface ModelSource {
  catalog: Pick<Catalog, 'server_tools' | 'providers'>
  registries: Registries
}

/** What the gateway does for a model. */
interface GatewayFeatures {
  tools: ServerToolSettings | undefined
  /** Whether it translates all requests to the model: it then edits contexts and cites documents itself. */
  isTranslated: boolean
}

/** Anthropic's date for a model with an unknown release date. */
const unknownDate = '1970-01-01T00:00:00Z'

/** Describes a model under its own id, by whichever name it was requested. */
export function toModelInfo(
  { id, model, targets }: Resolution,
  { catalog, registries }: ModelSource,
): ModelInfo {
  const { capabilities } = model
  return {
    id,
    type: 'model',
    display_name: model.display_name ?? id,
    description: toDescription(targets, model.price),
    created_at: createdAt(model),
    max_input_tokens: model.max_input_tokens ?? null,
    max_tokens: model.max_tokens ?? null,
    lifecycle: model.lifecycle ?? 'active',
    deprecated_at: model.deprecated_at ?? null,
    retires_at: model.retires_at ?? null,
    line: model.line ?? null,
    capabilities:
      capabilities === undefined
        ? null
        : toCapabilities(capabilities, {
            tools: toServerToolSettings(catalog, model),
            isTranslated: targets.every((target) => isTranslated(target, catalog, registries)),
          }),
  }
}

/** The release date of a model, or the epoch. */
export function createdAt({ created_at }: CatalogModel): string {
  return created_at ?? unknownDate
}

/**
 * The description of a model, such as `gpt-5.6 by openai, $1.25 input and $10 output per million tokens`, of
 * the target that is tried first.
 */
function toDescription(targets: readonly CatalogTarget[], ofModel: Price | undefined): string {
  const first = targets.toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0))[0]
  const price = first?.price ?? ofModel
  const server = first === undefined ? [] : [`${first.model} by ${first.provider}`]
  return [...server, ...(price === undefined ? [] : [toRatesText(price)])].join(', ')
}

function toRatesText({ input, output }: Price): string {
  return input === 0 && output === 0
    ? 'free'
    : `$${input} input and $${output} output per million tokens`
}

function isTranslated(
  { provider: name, model }: CatalogTarget,
  { providers }: Pick<Catalog, 'providers'>,
  registries: Registries,
): boolean {
  const provider = lookUp(providers, name)
  return provider !== undefined && dialectFor(provider, model, registries)?.kind === 'translated'
}

function toCapabilities(
  stated: Capabilities,
  { tools, isTranslated: isServed }: GatewayFeatures,
): ModelCapabilities {
  const management = support(stated.context_management ?? isServed)
  const effort = support(stated.effort)
  const serverTools = support(stated.server_tools)
  const search = support(
    stated.server_tools === true ||
      tools?.web_search !== undefined ||
      tools?.native_search === true,
  )
  const thinking = support(stated.thinking)
  return {
    batch: support(stated.batch),
    citations: support(stated.citations ?? isServed),
    code_execution: support(stated.code_execution),
    context_management: {
      ...management,
      clear_thinking_20251015: management,
      clear_tool_uses_20250919: management,
      compact_20260112: management,
    },
    effort: { ...effort, low: effort, medium: effort, high: effort, xhigh: effort, max: effort },
    image_input: support(stated.image_input),
    pdf_input: support(stated.pdf_input),
    server_tools: { ...search, code_execution: serverTools, web_search: search },
    structured_outputs: support(stated.structured_outputs),
    thinking: {
      ...thinking,
      types: {
        adaptive: thinking,
        between_tools: thinking,
        // True also for a model without thinking.
        disabled: { supported: true },
        enabled: thinking,
      },
    },
  }
}

function support(stated: boolean | undefined): Support {
  return { supported: stated ?? false }
}
