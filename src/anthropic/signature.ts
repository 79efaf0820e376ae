/**
 * Portable thinking. The reasoning state of an upstream is carried in the `signature` of the
 * thinking block, which the client sends back verbatim, so that the gateway is stateless and a
 * conversation can change models at any turn.
 *
 * Form: `gw1.` and the base64url of a compact JSON. Anthropic's own signatures have no such prefix.
 */

import { fromBase64Url, toBase64Url } from '../platform/bytes.ts'
import { isObject } from './json.ts'

const prefix = 'gw1.'

/** The origin of a thinking block, and the state that its upstream requires back. */
export interface ThinkingOrigin {
  /** Name of the dialect, e.g. `openai-chat`. */
  d: string
  /** Name of the provider in the catalog. */
  p: string
  /** Name of the model at the provider. */
  m: string
  /** The upstream's field for the reasoning, in responses and requests. */
  f: string
  /** State that must be returned with the text: encrypted items, details, thought signatures. */
  s?: unknown
}

/** Whether a signature is the gateway's, created by {@link toSignature}. */
export function isPortable(signature: string | null | undefined): boolean {
  return typeof signature === 'string' && signature.startsWith(prefix)
}

/** Creates a gateway signature. */
export function toSignature(origin: ThinkingOrigin): string {
  return prefix + toBase64Url(JSON.stringify(origin))
}

/** Decodes a gateway signature; undefined for foreign, damaged and missing ones. */
export function readSignature(signature: string | null | undefined): ThinkingOrigin | undefined {
  if (typeof signature !== 'string' || !signature.startsWith(prefix)) {
    return undefined
  }
  try {
    const value: unknown = JSON.parse(fromBase64Url(signature.slice(prefix.length)))
    return isOrigin(value) ? value : undefined
  } catch (error) {
    if (
      error instanceof SyntaxError ||
      error instanceof DOMException ||
      error instanceof TypeError
    ) {
      return undefined
    }
    throw error
  }
}

function isOrigin(value: unknown): value is ThinkingOrigin {
  return isObject(value) && ['d', 'p', 'm', 'f'].every((key) => typeof value[key] === 'string')
}
