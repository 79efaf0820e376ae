import type { IdentitySettings, Workload } from '../schema/sign-in.ts'
/** Checks what the schema of `identity` cannot: URLs, and rules that would admit everyone by mistake. */
import type { Fault } from './fault.ts'
import { faultIf } from './fault.ts'

/** Returns the faults of `identity`; none if it is absent. */
export function checkIdentity(identity: IdentitySettings | undefined): Fault[] {
  if (identity === undefined) {
    return []
  }
  const { providers = {}, access, workloads = {}, people, public_url: url } = identity
  const isElsewhere = access !== undefined && !isHostname(access.team)
  const teamRule = 'must be a host name: example.cloudflareaccess.com'
  const isNoOrigin = url !== undefined && !isOrigin(url)
  const urlRule = 'must be an origin: https://gateway.example.com'
  const isForNobody = people.length === 0 && Object.keys(workloads).length === 0
  return [
    ...Object.entries(providers).flatMap(([name, { issuer }]) => [
      ...checkProviderName(name),
      ...checkIssuer(issuer, `identity.providers.${name}.issuer`),
    ]),
    ...faultIf(isElsewhere, 'identity.access.team', teamRule),
    ...Object.entries(workloads).flatMap(([name, workload]) => checkWorkload(name, workload)),
    ...faultIf(isNoOrigin, 'identity.public_url', urlRule),
    ...faultIf(
      isForNobody,
      'identity.people',
      'must have a rule, since without one nobody can sign in',
    ),
  ]
}

/** Checks a provider's name, which is a part of links. */
function checkProviderName(name: string): Fault[] {
  const isWrong = !/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)
  const message = 'the name must have only lower-case letters, digits and hyphens'
  return faultIf(isWrong, `identity.providers.${name}`, message)
}

function checkWorkload(name: string, { issuer, claims }: Workload): Fault[] {
  const path = `identity.workloads.${name}`
  const isOpen = Object.values(claims).every((value) => [value].flat().includes('*'))
  const claimRule = 'must require a claim, since the issuer also serves other tenants'
  return [...checkIssuer(issuer, `${path}.issuer`), ...faultIf(isOpen, `${path}.claims`, claimRule)]
}

function checkIssuer(issuer: string, path: string): Fault[] {
  return faultIf(!isSecure(issuer), path, 'must be an https URL')
}

/** Whether a URL is of https, or of this machine, where a provider is tried. */
function isSecure(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
}

function isLoopback(hostname: string): boolean {
  return hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]'
}

function isOrigin(text: string): boolean {
  return isSecure(text) && URL.parse(text)?.origin === text
}

function isHostname(text: string): boolean {
  return URL.parse(`https://${text}`)?.host === text
}
