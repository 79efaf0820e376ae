/** What Wrangler's errors mean, and what to do about them. */
import { stripVTControlCharacters } from 'node:util'

import type { Finished } from './wrangler.ts'

/** Matches Wrangler's output for a rate limit of Cloudflare's API. */
export const rateLimited = /\b429\b|too many requests|rate limit|code: 10048/i

const knownErrors: readonly [RegExp, string][] = [
  [
    rateLimited,
    'KV allows one write per second to a key, and 1,000 writes per day on the Free plan. Try again later.',
  ],
  [
    /set a CLOUDFLARE_API_TOKEN|not (?:authenticated|logged in)|failed to log in/i,
    'Wrangler is not logged in to Cloudflare. Run npx wrangler login, or set CLOUDFLARE_API_TOKEN.',
  ],
  [
    /authentication error|unable to authenticate|access token|code: (?:10000|10001|9109)\b/i,
    'Cloudflare refused the login or token: it has expired, or lacks the permission "PERMISSION". Run npx wrangler login, or set CLOUDFLARE_API_TOKEN to a token that has it.',
  ],
  [
    /more than one account/i,
    'The login has several accounts. Set CLOUDFLARE_ACCOUNT_ID to the one of the gateway.',
  ],
  [
    /workers\.dev subdomain/i,
    'The account has no workers.dev subdomain yet. Choose one in the Cloudflare dashboard under Workers, or set a custom domain in wrangler.toml.',
  ],
  [
    /namespace[^\n]*(?:not found|not (?:been )?(?:configured|provisioned)|no id)|could ?n[o']t find[^\n]*(?:namespace|binding)|code: 10013\b|no KV namespace ID|\/settings\) failed/i,
    'The account has no such KV namespace yet: it is created by the first npm run deploy.',
  ],
  [
    /fetch failed|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|network/i,
    "Cloudflare's API could not be reached. Check the network and try again.",
  ],
]

/** Characters of Wrangler's own output that an error repeats: the last ones, where its error is. */
const maxOutput = 600

/**
 * Describes a failed run: what failed, what to do, and Wrangler's own words. `permission` is what a
 * token needs for it.
 */
export function describeFailure(
  what: string,
  permission: string,
  { stdout, stderr }: Pick<Finished, 'stdout' | 'stderr'>,
): string {
  const output = stripVTControlCharacters(`${stdout}\n${stderr}`).trim()
  const known = knownErrors.find(([pattern]) => pattern.test(output))?.[1]
  const next = (known ?? 'Check the account with npx wrangler whoami.').replace(
    'PERMISSION',
    permission,
  )
  return `${what} failed. ${next}\nWrangler's output: ${output.slice(-maxOutput)}`
}
