/** A target of the catalog with all that is needed to send to it: catalog over preset over dialect. */
import type { AuthStyle, Dialect, TargetModel } from '../dialects/dialect.ts'
import type { PassThrough } from '../dialects/pass-through.ts'
import { matchesAny } from '../platform/model-pattern.ts'
import { aiGatewayHeaders, aiGatewayUrl } from '../providers/ai-gateway.ts'
import type { LocalFetch, Preset } from '../providers/preset.ts'
import type { Registries } from './registries.ts'
import { baseOf, dialectFor, lookUp } from './registries.ts'
import type {
  Capabilities,
  Catalog,
  CatalogModel,
  CatalogProvider,
  CatalogTarget,
  Timeouts,
} from './schema.ts'

export type AllTimeouts = Record<keyof Timeouts, number>

export interface Upstream extends TargetModel {
  dialect: Dialect | PassThrough
  /** For {@link Dialect.bind}, weakest first. */
  quirks: readonly object[]
  /** Without a trailing slash. */
  baseUrl: string
  auth: AuthStyle
  /** Names of Worker secrets, any of which will do; none where the provider asks for none. */
  secrets: readonly string[]
  headers: Readonly<Record<string, string>>
  /** Answers in this Worker instead of over the network. */
  fetch: LocalFetch | undefined
  /** The way leads through an AI gateway, which may want a token: the name of its Worker secret. */
  aiGateway?: { secret: string | undefined }
  timeouts: AllTimeouts
  /** Whether an answer in one piece is streamed from the provider; undefined where its length decides. */
  streamsPlain: boolean | undefined
  /** Whether tokens are counted by the provider; the gateway estimates otherwise. */
  countsTokens: boolean
}

/** Completes one target of a model. */
export function toUpstream(
  catalog: Catalog,
  registries: Registries,
  model: CatalogModel,
  target: CatalogTarget,
): Upstream {
  const { provider, preset, dialect, baseUrl } = complete(catalog, registries, target)
  const answersHere =
    provider.base_url === undefined && provider.via === undefined && preset?.fetch !== undefined
  return {
    ...toTargetModel(model, target),
    dialect,
    quirks: toQuirks(provider, preset, dialect, target),
    baseUrl: baseUrl.replace(/\/+$/, ''),
    ...toAuth(provider, preset, dialect),
    ...toWay(provider, preset),
    fetch: answersHere ? preset.fetch : undefined,
    timeouts: Object.assign({}, defaultTimeouts, provider.timeouts),
    streamsPlain: provider.stream_plain,
    countsTokens: (model.count_tokens ?? defaultCount(dialect)) === 'native',
  }
}

/**
 * Models think for minutes before they say a word, and prompts of local ones take as long to read:
 * shorter limits end answers that would have come.
 */
const defaultTimeouts: AllTimeouts = {
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

/** Throws where a name is missing, which no catalog that was checked brings about. */
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

/** Undefined where the way leads straight to the provider. */
function toGatewayUrl({ via }: CatalogProvider, preset: Preset | undefined): string | undefined {
  if (via === undefined) {
    return undefined
  }
  const { account, gateway, path = preset?.aiGatewayPath } = via.ai_gateway
  return path === undefined ? undefined : aiGatewayUrl({ account, gateway, path })
}

/** The catalog's own headers have the last word. */
function toWay(
  { via, headers }: CatalogProvider,
  preset: Preset | undefined,
): Pick<Upstream, 'headers' | 'aiGateway'> {
  return via === undefined
    ? { headers: { ...preset?.headers, ...headers } }
    : {
        headers: { ...preset?.headers, ...aiGatewayHeaders, ...headers },
        aiGateway: { secret: via.ai_gateway.secret },
      }
}

/** Who speaks Anthropic's protocol can count as Anthropic does. */
function defaultCount(dialect: Dialect | PassThrough): 'local' | 'native' {
  return dialect.kind === 'pass-through' && dialect.countsTokens !== false ? 'native' : 'local'
}

function toTargetModel(model: CatalogModel, target: CatalogTarget): TargetModel {
  const { max_tokens: maxOutputTokens, capabilities } = model
  const maxInputTokens = target.max_input_tokens ?? model.max_input_tokens
  return {
    provider: target.provider,
    model: target.model,
    limits: {
      ...(maxInputTokens === undefined ? {} : { maxInputTokens }),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    },
    takes: toTakes(capabilities ?? {}),
  }
}

function toTakes(capabilities: Capabilities): TargetModel['takes'] {
  const { image_input: images, pdf_input: pdfs, thinking } = capabilities
  const { structured_outputs: structuredOutputs } = capabilities
  return {
    ...(images === undefined ? {} : { images }),
    ...(pdfs === undefined ? {} : { pdfs }),
    ...(thinking === undefined ? {} : { thinking }),
    ...(structuredOutputs === undefined ? {} : { structuredOutputs }),
  }
}

/**
 * Quirks are a dialect's: those for another one are left out, be it that the catalog chose that or
 * the preset for this model. A provider's own are for the dialect of most of its models.
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
  const layers = [
    preset === undefined && dialect.kind === 'translated' ? dialect.unknownServerQuirks : undefined,
    preset?.dialect === dialect ? preset.quirks : undefined,
    ...ofModel.map(({ quirks }) => quirks),
    isUsual ? provider.quirks : undefined,
    target.quirks,
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
