/** The URL of a request to an upstream: its base URL, which belongs to the operator, and a dialect's path. */
import { GatewayError } from '../anthropic/error.ts'

/** The provider's name, for errors, and its base URL. */
export interface UpstreamPlace {
  /** The provider's name, for failures. */
  provider: string
  /** The base URL, without a trailing slash. */
  baseUrl: string
}

/**
 * Joins a base URL and a path. A path contains the name of a model, which a client may have chosen:
 * no segment may be one that URL parsers resolve (`.` and `..`, also escaped), so that a request
 * with the operator's credential cannot leave the base URL. Only a dialect may start a path with
 * `/../`, for servers with methods next to their base URL. Throws a GatewayError `misconfigured`,
 * since clients' names were validated before.
 */
export function toUpstreamUrl({ provider, baseUrl }: UpstreamPlace, path: string): string {
  const own = path.startsWith('/../') ? path.slice('/..'.length) : path
  const [pathname = ''] = own.split('?')
  if (!own.startsWith('/') || own.startsWith('//') || resolvable.test(pathname)) {
    throw new GatewayError({
      kind: 'misconfigured',
      message: `The model name makes a URL outside the base URL of the provider ${provider}.`,
    })
  }
  return baseUrl + path
}

/**
 * Matches a segment of dots, a backslash (a slash to URL parsers), or a character that they drop.
 */
const resolvable = /\/(?:\.|%2e){1,2}(?:\/|$)|[\\#\t\r\n]/i
