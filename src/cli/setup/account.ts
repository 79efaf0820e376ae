/** The Cloudflare account that the setup deploys to. */
import * as z from 'zod/mini'

import { parseJson } from '../../anthropic/json.ts'
import { UserError } from '../platform/run-command.ts'
import { describeFailure } from '../platform/wrangler-error.ts'
import type { RunWrangler } from '../platform/wrangler.ts'
import type { Questions } from './questions.ts'

/** A Cloudflare account by its id. */
export interface Account {
  id: string
  /** Undefined where the token may not read it. */
  name: string | undefined
}

const whoami = z.object({
  loggedIn: z.boolean(),
  accounts: z.optional(z.array(z.object({ id: z.string(), name: z.string() }))),
})

/**
 * Finds the account of Wrangler's login or token: that of `CLOUDFLARE_ACCOUNT_ID`, the only one, or
 * the one that is chosen. Throws a UserError if there is no login, or the choice is open.
 */
export async function findAccount(
  run: RunWrangler,
  questions: Questions | undefined,
  requested: string | undefined,
): Promise<Account> {
  const finished = await run(['whoami', '--json'])
  const login = whoami.safeParse(parseJson(finished.stdout)).data
  if (login === undefined) {
    throw new UserError(describeFailure('Reading the login', 'Account Settings: Read', finished))
  }
  if (!login.loggedIn) {
    throw new UserError(
      'Wrangler is not logged in to Cloudflare. Run npx wrangler login; in CI, set CLOUDFLARE_API_TOKEN (docs/guides/deploy-and-operate.md lists its permissions).',
    )
  }
  const { accounts = [] } = login
  if (requested !== undefined && requested !== '') {
    return { id: requested, name: accounts.find(({ id }) => id === requested)?.name }
  }
  const [first, ...others] = accounts
  if (first === undefined) {
    throw new UserError(
      'The token has access to no account. Give it the permission "Account Settings: Read", or set CLOUDFLARE_ACCOUNT_ID.',
    )
  }
  if (others.length === 0) {
    return first
  }
  if (questions === undefined) {
    const names = accounts.map(({ id, name }) => `${id} (${name})`).join(', ')
    throw new UserError(
      `The login has several accounts: ${names}. Set CLOUDFLARE_ACCOUNT_ID to one of them.`,
    )
  }
  return questions.choose(
    'Which account?',
    accounts.map((account) => ({ name: account.name, value: account })),
  )
}
