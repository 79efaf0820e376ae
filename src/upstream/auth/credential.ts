/** Credentials, and the requests that they authorize. Types only. */
import type { AuthStyle } from '../../dialects/dialect.ts'

/** A secret, and the style in which its provider expects it. */
export interface Credential {
  /** The provider's name, for failures. */
  provider: string
  style: AuthStyle
  /** Absent where the provider asks for none. */
  secret: string | undefined
}

/** A request that is complete but for its credential: styles that sign need all of it. */
export interface Unauthorized {
  url: string
  headers: Readonly<Record<string, string>>
  body: string | Uint8Array
}

/** Returns the headers that carry a credential for a request; none where there is no secret. */
export type Authorize = (
  credential: Credential,
  request: Unauthorized,
) => Promise<Record<string, string>>
