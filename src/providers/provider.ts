/** A vendor is data: one file each, and one line in the registry (index.ts). */
import type { AuthStyle, Dialect } from '../dialects/dialect.ts'
import type { PassThrough } from '../dialects/pass-through.ts'

/** What holds for some of a vendor's models. */
export interface ModelRule {
  /** The model's name, `*` as wildcard. */
  match: string
  /**
   * Where these models are served by another protocol than the rest. The quirks are that dialect's
   * then, and stand over its defaults; those of the preset are another's.
   */
  dialect?: Dialect | PassThrough
  quirks: object
}

export interface Preset {
  /** What the catalogue calls it, e.g. `openai`. */
  name: string
  dialect: Dialect | PassThrough
  /** Without a trailing slash. Absent where every operator has his own (the catalogue must say it). */
  baseUrl?: string
  /** Where a server of this kind listens by default on the operator's own machine, if `baseUrl` is absent. */
  localBaseUrl?: string
  auth: AuthStyle
  /** Name of the Worker secret; null where the provider asks for none. */
  secret: string | null
  headers?: Record<string, string>
  /** It has no list of models, or one of other names than those by which they are called. */
  lists?: false
  /** Over the dialect's defaults. */
  quirks?: object
  /** All that match apply, later over earlier. */
  models?: readonly ModelRule[]
  /** Its place in Cloudflare AI Gateway (see ai-gateway.ts); absent where it has none. */
  aiGatewayPath?: string
  /** Answers in this Worker instead of over the network. `binding` gives the Worker's bindings by name. */
  fetch?: (request: Request, binding: (name: string) => unknown) => Promise<Response>
}

/**
 * A preset whose quirks are checked against its dialect's at compile time. `Others` are the quirks of
 * the dialect that its rules name.
 */
export function definePreset<Quirks extends object, Others extends object = never>(
  preset: Preset & {
    quirks?: Partial<Quirks>
    models?: readonly (
      | { match: string; dialect?: never; quirks: Partial<Quirks> }
      | { match: string; dialect: Dialect; quirks: Partial<Others> }
    )[]
  },
): Preset {
  return preset
}
