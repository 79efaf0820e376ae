/** Settings for Claude Code: the policy that a person gets, and the document that Claude Code reads. */
import { isObject } from '../../anthropic/json.ts'
import type { Policy } from '../../catalog/schema/sign-in.ts'
import type { KeyOwner } from '../../keys/record.ts'
import { hashSecret } from '../secret.ts'
import { toCanonicalJson } from './canonical-json.ts'

type Settings = Readonly<Record<string, unknown>>

/** The clients that have settings of their own in a policy. */
export type SettingsOf = 'cli' | 'desktop'

/**
 * The settings of a key's owner: those of the first policy that matches, over the base. Undefined if there is
 * none, or it has none for this client.
 */
export function findSettings(
  policies: readonly Policy[],
  owner: KeyOwner | undefined,
  client: SettingsOf,
): Settings | undefined {
  const base = policies.find(({ match }) => isBase(match))
  const own = policies.find(({ match }) => !isBase(match) && matches(match, owner))
  const settings = (own ?? base)?.[client]
  return settings && mergeSettings(base?.[client] ?? {}, settings)
}

function isBase({ groups, email_domain: domain }: Policy['match']): boolean {
  return groups === undefined && domain === undefined
}

function matches(
  { groups, email_domain: domain }: Policy['match'],
  owner: KeyOwner | undefined,
): boolean {
  const isInGroup = groups === undefined || groups.some((group) => owner?.groups.includes(group))
  const address = owner?.email?.toLowerCase() ?? ''
  return isInGroup && (domain === undefined || address.endsWith(`@${domain.toLowerCase()}`))
}

/** Lists of what is forbidden: a policy may add to those of the base, and not take from them. */
const forbidding = /^(?:deny|ask|denied|disabled)/

/** Merges a policy over the base: such lists and hooks are joined, other lists replaced, records merged. */
export function mergeSettings(base: Settings, own: Settings): Settings {
  return mergeEach(base, own, mergeValue)
}

function mergeEach(
  base: Settings,
  own: Settings,
  merge: (key: string, base: unknown, own: unknown) => unknown,
): Settings {
  const merged = Object.entries(own).map(([key, value]) => [key, merge(key, base[key], value)])
  return { ...base, ...Object.fromEntries(merged) }
}

function mergeValue(key: string, base: unknown, own: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(own)) {
    return forbidding.test(key) ? union(base, own) : own
  }
  if (!isObject(base) || !isObject(own)) {
    return own
  }
  switch (key) {
    case 'hooks':
      return mergeEach(base, own, (_, known, hooks) =>
        Array.isArray(known) && Array.isArray(hooks) ? union(known, hooks) : hooks,
      )
    case 'permissions':
      return mergeSettings(base, own)
    default:
      return { ...base, ...own }
  }
}

/** The items of both, each once. */
function union(one: readonly unknown[], other: readonly unknown[]): unknown[] {
  return [...new Map([...one, ...other].map((item) => [toCanonicalJson(item), item])).values()]
}

/** The SHA-256 of settings as canonical JSON, in the form in which Claude Code compares it. */
export async function toChecksum(settings: Settings): Promise<string> {
  return `sha256:${await hashSecret(toCanonicalJson(settings))}`
}

/** Whether a header `If-None-Match` names this checksum, or any. */
export function matchesEtag(header: string | undefined, checksum: string): boolean {
  return (header ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tag === `"${checksum}"`)
}
