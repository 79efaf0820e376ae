/** Ways to sign in besides a key. */
import type { IdentitySettings } from '../../../catalog/schema/sign-in.ts'
import { consolePath } from '../../console-path.ts'

export interface SignInOption {
  /** The text of the button, such as "Sign in with Okta". */
  label: string
  /** Where the sign-in begins, on this origin. */
  href: string
}

/** The options of the catalog's `identity`; the login page has a button for each. */
export function signInOptions(identity: IdentitySettings | undefined): SignInOption[] {
  const providers = Object.entries(identity?.providers ?? {})
  return [
    ...providers.map(([name, { display_name: shown = name }]) => ({
      label: `Sign in with ${shown}`,
      href: `/oauth/sign-in?provider=${name}`,
    })),
    ...(identity?.access === undefined
      ? []
      : [{ label: 'Sign in with Cloudflare Access', href: `${consolePath}/access` }]),
  ]
}
