/** The key of a gateway that is valid now: the stored one, or a new one if that ends soon. */
import { UserError } from '../platform/run-command.ts'
import type { Credential, Credentials } from './credentials.ts'
import { changeCredentials, readCredentials } from './credentials.ts'
import { refresh, SessionEnded } from './oauth-client.ts'

/** A key is renewed this long before its end, in milliseconds, or in the last fifth of a short life. */
const marginMs = 300_000

/** Returns the key. Throws a UserError without one, and for a session that has ended. */
export async function currentKey(file: string, named: string | undefined): Promise<string> {
  const known = await readCredentials(file)
  const { credential } = findCredential(known, named)
  if (!endsSoon(credential, Date.now())) {
    return credential.access_token
  }
  return changeCredentials(file, async (current) => {
    // Another process may have renewed it in the meantime.
    const { url, credential: latest } = findCredential(current, named)
    const now = Date.now()
    const next = endsSoon(latest, now) ? await renew(url, latest, now) : latest
    const gateways = { ...current.gateways, [url]: next }
    return { next: { ...current, gateways }, value: next.access_token }
  })
}

/** The gateway that is named, or the latest. Throws a UserError if the user has not signed in there. */
export function findCredential(
  { default: latest, gateways }: Credentials,
  named: string | undefined,
): { url: string; credential: Credential } {
  const url = named ?? latest
  const credential = url === undefined ? undefined : gateways[url]
  if (url === undefined || credential === undefined) {
    throw new UserError(`You are not signed in. Run: npm run login -- ${url ?? 'URL'}`)
  }
  return { url, credential }
}

async function renew(url: string, credential: Credential, now: number): Promise<Credential> {
  const { refresh_token: token } = credential
  if (token === undefined) {
    throw new SessionEnded(
      `Your key for ${url} is about to expire. Sign in again: npm run login -- ${url}`,
    )
  }
  try {
    return { ...credential, ...(await refresh(url, token)) }
  } catch (error) {
    // A gateway that does not answer for a moment is no reason to refuse a key that is still valid.
    if (error instanceof SessionEnded || credential.expires_at <= now) {
      throw error
    }
    return credential
  }
}

function endsSoon({ issued_at: from, expires_at: to }: Credential, now: number): boolean {
  return now >= to - Math.min(marginMs, (to - from) / 5)
}
