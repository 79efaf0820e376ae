/** A preset: the defaults of one vendor in one protocol, as the catalog refers to them by name. */
import type { AuthStyle, Dialect } from '../dialects/dialect.ts'
import type { PassThrough } from '../dialects/pass-through.ts'

/** Quirks of some of a vendor's models. */
export interface ModelRule {
  /** Upstream model name, `*` as wildcard. */
  match: string
  /**
   * Dialect of these models, if it differs from the preset's. `quirks` then apply over that
   * dialect's defaults, and the preset's own quirks do not.
   */
  dialect: Dialect | PassThrough | undefined
  quirks: object
}

/** A model that a vendor serves through a binding. */
export interface BoundModel {
  /** The vendor's name for it. */
  model: string
  displayName: string
  /** ISO 8601. */
  createdAt: string
  /** Context window in tokens. */
  contextWindow: number
  takesImages: boolean
  /** USD per million tokens; without `cache_read`, cached tokens cost what others do. */
  price: { input: number; output: number; cache_read?: number }
  /** The model that is asked if this one fails, such as in an account whose plan excludes it. */
  fallback?: string
}

/** What a vendor serves through a binding of the Worker, without a key. */
export interface BoundOffer {
  /** The name of the binding in wrangler.toml. */
  binding: string
  /** The provider's name in the catalog, which prefixes the ids of its models. */
  provider: string
  models: readonly BoundModel[]
  /** Vendor's names of the models that answer for clients' usual names, by the pattern of those. */
  aliases: Readonly<Record<string, string>>
}

/** A preset, with every field filled in. */
export interface Preset {
  /** The preset's name in the catalog, e.g. `openai-responses`. */
  name: string
  /** URL of the vendor's API documentation. */
  docs: string
  dialect: Dialect | PassThrough
  /**
   * The vendor in OpenTelemetry's terms
   * (https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/#gen-ai-provider-name).
   */
  genAiProvider: string
  /** Base URL without a trailing slash; undefined if each operator has a different one. */
  baseUrl: string | undefined
  /**
   * An example of such a URL: `https://RESOURCE.openai.azure.com/openai/v1`. For a self-hosted
   * server: its default URL.
   */
  baseUrlExample: string | undefined
  auth: AuthStyle
  /** Name of the Worker secret; null where the vendor requires no key. */
  secret: string | null
  headers: Readonly<Record<string, string>>
  /** Whether the vendor has a list of its models, by the names that requests use. */
  hasModelList: boolean
  /** Quirks over the dialect's defaults. */
  quirks: object
  /** Rules for models; all that match apply, later over earlier. */
  models: readonly ModelRule[]
  /**
   * Path in Cloudflare AI Gateway (see ai-gateway.ts); undefined if it does not support the vendor.
   */
  aiGatewayPath: string | undefined
  /**
   * Handles requests inside this Worker instead of over the network. `binding` returns a Worker
   * binding by name.
   */
  fetch: LocalFetch | undefined
  /** What an empty catalog serves where the binding is bound; undefined for presets without one. */
  offer: BoundOffer | undefined
  /** Whether no model is behind it: it answers so that clients can be tried. */
  isDemo: boolean
}

/** Answers a request to a provider within the Worker, where it has no host of its own. */
export type LocalFetch = (request: Request, binding: (name: string) => unknown) => Promise<Response>
