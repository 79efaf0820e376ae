/** Credentials, and the requests that they authorize. Types only. */
import type { AuthStyle } from '../../dialects/dialect.ts'

/** A secret, and the style in which its provider expects it. */
export interface Credential {
  /** The provider's name, for failures. */
  provider: string
  style: AuthStyle
  /** The secret; absent if the provider requires none. */
  secret: string | undefined
}

/** A request that is complete except for its credential, since some styles sign it. */
export interface Unauthorized {
  url: string
  headers: Readonly<Record<string, string>>
  body: string | Uint8Array
}

/** Returns the headers with the credential for a request; none if there is no secret. */
export type Authorize = (
  credential: Credential,
  request: Unauthorized,
) => Promise<Record<string, string>>
