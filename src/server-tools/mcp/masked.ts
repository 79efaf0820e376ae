/** A text in which the caller's token does not occur: a server may repeat it, and then a model would read it. */
export function masked(text: string, token: string | undefined): string {
  return token === undefined || token === '' ? text : text.replaceAll(token, '[token]')
}
