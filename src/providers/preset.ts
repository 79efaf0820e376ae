/** A preset: the defaults of one vendor in one protocol, as the catalog refers to them by name. */
import type { AuthStyle, Dialect } from '../dialects/dialect.ts'
import type { PassThrough } from '../dialects/pass-through.ts'

/** Quirks of some of a vendor's models. */
export interface ModelRule {
  /** Upstream model name, `*` as wildcard. */
  match: string
  /**
   * Dialect of these models, where it is not the preset's. `quirks` then apply over that dialect's
   * defaults, and the preset's own quirks do not.
   */
  dialect: Dialect | PassThrough | undefined
  quirks: object
}

export interface Preset {
  /** Its name in the catalog, e.g. `openai-responses`. */
  name: string
  /** URL of the vendor's API documentation. */
  docs: string
  dialect: Dialect | PassThrough
  /** Without a trailing slash; undefined where each operator has an address of their own. */
  baseUrl: string | undefined
  /**
   * What such an address looks like: `https://RESOURCE.openai.azure.com/openai/v1`. For a server that
   * operators run themselves: where it listens by default.
   */
  baseUrlExample: string | undefined
  auth: AuthStyle
  /** Name of the Worker secret; null where the vendor requires no key. */
  secret: string | null
  headers: Readonly<Record<string, string>>
  /** Whether the vendor lists its models, by the names under which they are called. */
  hasModelList: boolean
  /** Over the dialect's defaults. */
  quirks: object
  /** All that match apply, later over earlier. */
  models: readonly ModelRule[]
  /** Path in Cloudflare AI Gateway (see ai-gateway.ts); undefined where it does not know the vendor. */
  aiGatewayPath: string | undefined
  /** Answers inside this Worker instead of over the network. `binding` returns a Worker binding by name. */
  fetch: LocalFetch | undefined
}

export type LocalFetch = (request: Request, binding: (name: string) => unknown) => Promise<Response>
