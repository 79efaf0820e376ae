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

export interface Preset {
  /** The preset's name in the catalog, e.g. `openai-responses`. */
  name: string
  /** URL of the vendor's API documentation. */
  docs: string
  dialect: Dialect | PassThrough
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
}

export type LocalFetch = (request: Request, binding: (name: string) => unknown) => Promise<Response>
