/** Ways to sign in besides a key. */
import type { Config } from '../../../exchange/config.ts'

export interface SignInOption {
  /** The text of the button, such as "Sign in with Okta". */
  label: string
  /** Where the sign-in begins, on this origin. */
  href: string
}

/** The configured options; the login page has a button for each. */
export function signInOptions(_config: Config): SignInOption[] {
  return []
}
