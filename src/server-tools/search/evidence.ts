/**
 * The text of a search result, in the `encrypted_content` that a client sends back verbatim, so
 * that the next turn, and another model, has the same evidence
 * (docs/decisions/015-evidence-in-the-conversation.md).
 */
import { asObject, asString, parseJson } from '../../anthropic/json.ts'
import { fromBase64Url, toBase64Url } from '../../platform/bytes.ts'

const prefix = 'gw1.'

/** Whether the gateway made this value. */
export function isOwn(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(prefix)
}

/** The opaque form of a result's text. */
export function sealText(text: string): string {
  return prefix + toBase64Url(JSON.stringify({ t: text }))
}

/** The text of a result; undefined for another server's, and for a damaged one. */
export function openText(sealed: unknown): string | undefined {
  if (!isOwn(sealed)) {
    return undefined
  }
  try {
    return asString(asObject(parseJson(fromBase64Url(sealed.slice(prefix.length))))?.['t'])
  } catch {
    // A client changed it: its title and URL are still of use.
    return undefined
  }
}

/** `encrypted_index` of a citation. `result`: its number in the conversation. */
export function toIndex(result: number, excerpt: number): string {
  return `${prefix}${result}.${excerpt}`
}

/** The number of the result that a citation of the gateway's is of. */
export function readIndex(index: unknown): number | undefined {
  const match = isOwn(index) ? /^gw1\.(\d{1,6})\./.exec(index) : null
  return match?.[1] === undefined ? undefined : Number(match[1])
}
