/** Why a person was not signed in. The message is for a page or an OAuth error. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused'
}
