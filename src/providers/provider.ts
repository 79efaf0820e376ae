/** A vendor is data: one file each, and one line in the registry (index.ts). */
import type { AuthStyle, Dialect } from '../dialects/dialect.ts'
import type { PassThrough } from '../dialects/pass-through.ts'

export interface Preset {
  /** What the catalogue calls it, e.g. `openai`. */
  name: string
  dialect: Dialect | PassThrough
  /** Without a trailing slash. Absent where every operator has his own (the catalogue must say it). */
  baseUrl?: string
  auth: AuthStyle
  /** Name of the Worker secret; null where the provider asks for none. */
  secret: string | null
  headers?: Record<string, string>
  /** Over the dialect's defaults. */
  quirks?: object
  /** By model name, `*` as wildcard; all that match apply, later over earlier. */
  models?: readonly { match: string; quirks: object }[]
  /** Answers in this Worker instead of over the network. */
  fetch?: (request: Request) => Promise<Response>
}

/** A preset whose quirks are checked against its dialect's at compile time. */
export function definePreset<Quirks extends object>(
  preset: Preset & {
    quirks?: Partial<Quirks>
    models?: readonly { match: string; quirks: Partial<Quirks> }[]
  },
): Preset {
  return preset
}
