/** The form of a refresh token: `gwr-<person>-<session>-<secret>`. */
import { mintSecret } from '../secret.ts'

/** The parts of a refresh token that are not secret. */
export interface RefreshToken {
  personId: string
  sessionId: string
}

/** Creates a token of a session. */
export function mintRefreshToken({ personId, sessionId }: RefreshToken): string {
  return `gwr-${personId}-${sessionId}-${mintSecret()}`
}

/** Whose token it is; undefined for any other text. */
export function parseRefreshToken(text: string): RefreshToken | undefined {
  const [, personId, sessionId] =
    /^gwr-([a-z2-7]{10})-([a-z2-7]{10})-[0-9a-f]{64}$/.exec(text) ?? []
  return personId === undefined || sessionId === undefined ? undefined : { personId, sessionId }
}
