/** Texts of a server that may repeat the caller's token, which then a model would read. */

/** Shorter ones are no secrets, and are parts of words. */
const minLength = 8

/** The text without the token. */
export function masked(text: string, token: string | undefined): string {
  return token === undefined || token.length < minLength ? text : text.replaceAll(token, '[token]')
}
