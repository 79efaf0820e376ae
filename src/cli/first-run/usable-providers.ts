/**
 * The providers that this machine can use without any configuration: those whose API key is set, and
 * model servers that listen on their default local port.
 */
import type { Preset } from '../../providers/preset.ts'

/** A preset that can be used as it is: with a secret that is set, or with a local server that listens. */
export interface UsableProvider {
  /** The preset's name, which is also the provider's name in the served catalog. */
  name: string
  preset: Preset
  /** The URL at which the server listens, without a trailing slash. */
  baseUrl: string
  /** The API key; undefined for a server that requires none. */
  secret: { name: string; value: string } | undefined
}

/**
 * Returns the candidates, by name. Several presets can share one API key or one local port (a
 * vendor's other protocols); the one with the shortest name is the vendor's main protocol.
 * `findSecret` returns the value of a secret, or undefined if it is not set.
 */
export function usableProviders(
  presets: Readonly<Record<string, Preset>>,
  findSecret: (name: string) => string | undefined,
): { hosted: UsableProvider[]; local: UsableProvider[] } {
  const candidates = Object.values(presets).flatMap((preset) => toCandidate(preset, findSecret))
  const hosted = candidates.filter(({ secret }) => secret !== undefined)
  const local = candidates.filter(({ secret }) => secret === undefined)
  return {
    hosted: mainProtocols(hosted, ({ secret }) => secret?.name ?? ''),
    local: mainProtocols(local, ({ baseUrl }) => new URL(baseUrl).host),
  }
}

function toCandidate(
  preset: Preset,
  findSecret: (name: string) => string | undefined,
): UsableProvider[] {
  const { name, secret: secretName, auth } = preset
  const baseUrl = preset.baseUrl ?? (secretName === null ? preset.baseUrlExample : undefined)
  if (preset.fetch !== undefined || baseUrl === undefined || auth === 'google-oauth') {
    return []
  }
  if (secretName === null) {
    return isLoopback(baseUrl) ? [{ name, preset, baseUrl, secret: undefined }] : []
  }
  const value = findSecret(secretName)
  return value === undefined ? [] : [{ name, preset, baseUrl, secret: { name: secretName, value } }]
}

function mainProtocols(
  candidates: readonly UsableProvider[],
  toVendor: (provider: UsableProvider) => string,
): UsableProvider[] {
  return [...Map.groupBy(candidates, toVendor).values()]
    .flatMap((group) => group.toSorted((a, b) => a.name.length - b.name.length)[0] ?? [])
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function isLoopback(baseUrl: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(baseUrl).hostname)
}
