/**
 * A target of the catalog with everything needed to send a request, except for the secret itself:
 * the catalog's fields take precedence over the preset's, and these over the dialect's defaults.
 * Its dialect is bound to the model.
 */
import type { AuthStyle, Dialect, LoadableDialect, TargetModel } from '../../dialects/dialect.ts'
import type { PassThrough } from '../../dialects/pass-through.ts'
import { defined } from '../../platform/defined.ts'
import { matchesAny } from '../../platform/model-pattern.ts'
import { aiGatewayHeaders, aiGatewayUrl } from '../../providers/ai-gateway.ts'
import type { LocalFetch, Preset } from '../../providers/preset.ts'
import type { Registries } from '../registries.ts'
import { baseOf, dialectFor, lookUp } from '../registries.ts'
import type { Catalog } from '../schema/catalog.ts'
import type { Capabilities, CatalogModel, CatalogTarget } from '../schema/model.ts'
import type { CatalogProvider, Timeouts } from '../schema/provider.ts'

/** What the catalog states about the service of a target. */
export interface ServiceMarks {
  /** The geography in which the target computes. */
  geo: string | undefined
  speed: 'fast' | undefined
  serviceTier: 'priority' | undefined
}

/** A target with its provider's settings merged with those of the preset. */
export interface ResolvedTarget extends TargetModel {
  /** `<provider>/<upstream model>` */
  name: string
  /** The provider in OpenTelemetry's terms (`gen_ai.provider.name`). */
  genAiProvider: string
  /** Lower is tried first. */
  priority: number
  /** Share of the requests among targets of equal priority; undefined for those tried in order. */
  weight: number | undefined
  /** The target's own price, or the model's; undefined if the catalog has none. */
  price: CatalogModel['price']
  marks: ServiceMarks
  /** The dialect, bound to the model and its quirks. */
  dialect: LoadableDialect | PassThrough
  /** Layers of quirks, weakest first: of preset, model rules, provider, target. */
  quirks: readonly object[]
  /** The base URL, without a trailing slash. */
  baseUrl: string
  auth: AuthStyle
  /** Names of Worker secrets, any of which can be used; empty if the provider requires none. */
  secrets: readonly string[]
  headers: Readonly<Record<string, string>>
  /** Handles requests inside this Worker instead of over the network. */
  fetch: LocalFetch | undefined
  /**
   * Set if requests are sent through an AI gateway; `secret` is the name of the Worker secret with
   * its token.
   */
  aiGateway: { secret: string | undefined } | undefined
  timeouts: Record<keyof Timeouts, number>
  /**
   * Whether non-streaming answers are streamed from the provider; undefined if `max_tokens`
   * decides.
   */
  streamsPlain: boolean | undefined
  /** Whether the provider counts tokens; otherwise the gateway estimates. */
  countsTokens: boolean
}

/** Resolves one target of a model. Throws if the catalog was not checked. */
export function toResolvedTarget(
  catalog: Catalog,
  registries: Registries,
  model: CatalogModel,
  target: CatalogTarget,
): ResolvedTarget {
  const { provider, preset, dialect, baseUrl } = complete(catalog, registries, target)
  const answersHere =
    provider.base_url === undefined && provider.via === undefined && preset?.fetch !== undefined
  const targetModel = toTargetModel(model, target)
  const quirks = toQuirks(provider, preset, dialect, target)
  return {
    ...targetModel,
    name: `${target.provider}/${target.model}`,
    genAiProvider: preset?.genAiProvider ?? target.provider,
    priority: target.priority ?? 0,
    weight: target.weight,
    price: target.price ?? model.price,
    marks: { geo: target.geo, speed: target.speed, serviceTier: target.service_tier },
    dialect: dialect.kind === 'translated' ? dialect.bind(targetModel, quirks) : dialect,
    quirks,
    baseUrl: baseUrl.replace(/(?<!\/)\/+$/, ''),
    ...toAuth(provider, preset, dialect),
    headers: toHeaders(provider, preset),
    fetch: answersHere ? preset.fetch : undefined,
    aiGateway: provider.via && { secret: provider.via.ai_gateway.secret },
    timeouts: Object.assign({}, defaultTimeouts, provider.timeouts),
    streamsPlain: provider.stream_plain,
    countsTokens: (model.count_tokens ?? defaultCount(dialect)) === 'native',
  }
}

/**
 * The default timeouts in milliseconds. Models reason for minutes before their first token, and
 * local ones process a long prompt for minutes: shorter timeouts would abort them.
 */
const defaultTimeouts: ResolvedTarget['timeouts'] = {
  connect_seconds: 120,
  first_byte_seconds: 600,
  idle_seconds: 300,
  total_seconds: 3600,
}

interface Complete {
  provider: CatalogProvider
  preset: Preset | undefined
  dialect: Dialect | PassThrough
  baseUrl: string
}

/** Returns the value, or throws if it is missing, which a checked catalog rules out. */
function complete(
  { providers }: Catalog,
  registries: Registries,
  { provider: name, model }: CatalogTarget,
): Complete {
  const provider = lookUp(providers, name)
  if (provider !== undefined) {
    const { preset } = baseOf(provider, registries)
    const dialect = dialectFor(provider, model, registries)
    const baseUrl = toGatewayUrl(provider, preset) ?? provider.base_url ?? preset?.baseUrl
    if (dialect !== undefined && baseUrl !== undefined) {
      return { provider, preset, dialect, baseUrl }
    }
  }
  throw new Error(`the catalog was not checked: provider ${name} is incomplete`)
}

/** The URL of an AI gateway; undefined if requests are sent directly to the provider. */
function toGatewayUrl({ via }: CatalogProvider, preset: Preset | undefined): string | undefined {
  if (via === undefined) {
    return undefined
  }
  const { account, gateway, path = preset?.aiGatewayPath } = via.ai_gateway
  return path === undefined ? undefined : aiGatewayUrl({ account, gateway, path })
}

/** The headers of a target; those of the catalog override all others. */
function toHeaders(
  { via, headers }: CatalogProvider,
  preset: Preset | undefined,
): Record<string, string> {
  return { ...preset?.headers, ...(via === undefined ? {} : aiGatewayHeaders), ...headers }
}

/** The default of `count_tokens`: Anthropic-compatible hosts count tokens too. */
function defaultCount(dialect: Dialect | PassThrough): 'local' | 'native' {
  return dialect.kind === 'pass-through' && dialect.countsTokens !== false ? 'native' : 'local'
}

function toTargetModel(model: CatalogModel, target: CatalogTarget): TargetModel {
  const { max_tokens: maxOutputTokens, capabilities } = model
  const maxInputTokens = target.max_input_tokens ?? model.max_input_tokens
  return {
    provider: target.provider,
    model: target.model,
    limits: defined({ maxInputTokens, maxOutputTokens }),
    takes: toTakes(capabilities ?? {}),
  }
}

function toTakes(capabilities: Capabilities): TargetModel['takes'] {
  const { image_input: images, pdf_input: pdfs, thinking } = capabilities
  const { structured_outputs: structuredOutputs } = capabilities
  return defined({ images, pdfs, thinking, structuredOutputs })
}

/**
 * The layers of quirks, weakest first. Quirks belong to a dialect: if the catalog, or the preset
 * for this model, selects another dialect, layers for the usual one are omitted.
 */
function toQuirks(
  provider: CatalogProvider,
  preset: Preset | undefined,
  dialect: Dialect | PassThrough,
  target: CatalogTarget,
): object[] {
  const isUsual = provider.dialect !== undefined || preset?.dialect === dialect
  const rules = preset?.models ?? []
  const ofModel = rules.filter(
    (rule) =>
      (rule.dialect ?? preset?.dialect) === dialect && matchesAny([rule.match], target.model),
  )
  const stated = [isUsual ? provider.quirks : undefined, target.quirks]
  const layers = [
    preset === undefined && dialect.kind === 'translated'
      ? dialect.unknownServerQuirks?.(Object.assign({}, ...stated))
      : undefined,
    preset?.dialect === dialect ? preset.quirks : undefined,
    ...ofModel.map(({ quirks }) => quirks),
    ...stated,
  ]
  return layers.filter((layer) => layer !== undefined)
}

function toAuth(
  provider: CatalogProvider,
  preset: Preset | undefined,
  dialect: Dialect | PassThrough,
): { auth: AuthStyle; secrets: readonly string[] } {
  const secrets = toSecrets(provider, preset)
  if (secrets.length === 0 || provider.auth === 'none') {
    return { auth: 'none', secrets: [] }
  }
  const usual = dialect.kind === 'pass-through' ? 'x-api-key' : 'bearer'
  const ofPreset = preset?.auth === 'none' ? undefined : preset?.auth
  return { auth: provider.auth ?? ofPreset ?? usual, secrets }
}

function toSecrets({ secret, secrets }: CatalogProvider, preset: Preset | undefined): string[] {
  const one = secret === undefined ? (preset?.secret ?? null) : secret
  return secrets ?? (one === null ? [] : [one])
}
