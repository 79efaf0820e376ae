/** Checks that a provider of the catalog is complete, and safe to send an API key to. */
import type { Dialect } from '../../dialects/dialect.ts'
import type { PassThrough } from '../../dialects/pass-through.ts'
import type { Preset } from '../../providers/preset.ts'
import type { Registries } from '../registries.ts'
import { baseOf } from '../registries.ts'
import type { CatalogProvider } from '../schema/provider.ts'
import type { Fault } from './fault.ts'
import { faultIf, toFaults } from './fault.ts'

/** Returns all faults of one provider. */
export function checkProvider(
  name: string,
  provider: CatalogProvider,
  registries: Registries,
): Fault[] {
  const path = `providers.${name}`
  const { preset, dialect } = baseOf(provider, registries)
  const nameRule = 'must be 1 to 64 letters, digits, dots, underscores or hyphens'
  const faults = [
    ...faultIf(!/^[A-Za-z0-9._-]{1,64}$/.test(name), path, nameRule),
    ...checkBase(path, provider, registries),
    ...checkBaseUrl(`${path}.base_url`, provider.base_url),
    ...checkAuth(path, provider, preset),
    ...Object.entries(provider.headers ?? {}).flatMap((header) => checkHeader(path, header)),
  ]
  return provider.quirks === undefined
    ? faults
    : [...faults, ...checkQuirks(provider.quirks, `${path}.quirks`, dialect)]
}

/**
 * Returns faults of quirks that a dialect does not have; none without a dialect, which is a
 * separate fault.
 */
export function checkQuirks(
  quirks: object,
  path: string,
  dialect: Dialect | PassThrough | undefined,
): Fault[] {
  if (dialect === undefined) {
    return []
  }
  const parsed = dialect.quirksSchema.safeParse(quirks, { reportInput: true })
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => toFaults(issue, [path]))
}

function checkBase(path: string, provider: CatalogProvider, registries: Registries): Fault[] {
  const { preset: presetName, dialect: dialectName, base_url: baseUrl } = provider
  const { presets, dialects } = registries
  const { preset } = baseOf(provider, registries)
  if (presetName === undefined && dialectName === undefined) {
    return [{ path, message: 'required: "preset", or "dialect" and "base_url"' }]
  }
  const faults = [
    ...checkName(`${path}.preset`, presetName, presets),
    ...checkName(`${path}.dialect`, dialectName, dialects),
  ]
  if (provider.via !== undefined) {
    return [...faults, ...checkVia(`${path}.via.ai_gateway`, provider.via, provider, preset)]
  }
  const isMissing = faults.length === 0 && baseUrl === undefined && preset?.baseUrl === undefined
  return [...faults, ...faultIf(isMissing, `${path}.base_url`, toMissingBaseUrl(preset))]
}

function toMissingBaseUrl(preset: Preset | undefined): string {
  const example = preset?.baseUrlExample
  return example === undefined
    ? 'required: base URL of the server'
    : `required: base URL of the server, such as ${example}`
}

function checkVia(
  path: string,
  { ai_gateway: { path: place, secret } }: NonNullable<CatalogProvider['via']>,
  { base_url: baseUrl }: CatalogProvider,
  preset: Preset | undefined,
): Fault[] {
  const lacksPlace = place === undefined && preset?.aiGatewayPath === undefined
  const placeRule = 'required: path of the provider in the AI gateway, such as custom-lab/v1'
  return [
    ...faultIf(baseUrl !== undefined, path, '"via" and "base_url" are mutually exclusive'),
    ...faultIf(lacksPlace, `${path}.path`, placeRule),
    ...faultIf(secret !== undefined && !isSecretName(secret), `${path}.secret`, secretRule),
  ]
}

/** Checks a name at a path that ends with what it is the name of. */
function checkName(path: string, name: string | undefined, table: object): Fault[] {
  const what = path.slice(path.lastIndexOf('.') + 1)
  const known = Object.keys(table).sort()
  const message = `unknown ${what} "${name}"; must be one of ${known.join(', ')}`
  return faultIf(name !== undefined && !known.includes(name), path, message)
}

function checkBaseUrl(path: string, baseUrl: string | undefined): Fault[] {
  if (baseUrl === undefined) {
    return []
  }
  const url = URL.parse(baseUrl)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return [{ path, message: 'must be an http or https URL' }]
  }
  if (url.username !== '' || url.password !== '') {
    return [{ path, message: 'must not contain credentials; name a Worker secret in "secret"' }]
  }
  const hasMore = url.search !== '' || url.hash !== ''
  return faultIf(hasMore, path, 'must not contain a query or a fragment')
}

/** Checks the authentication. Faults never quote the value, which may be an API key. */
function checkAuth(
  path: string,
  { secret, secrets, auth }: CatalogProvider,
  preset: Preset | undefined,
): Fault[] {
  if (secret !== undefined && secrets !== undefined) {
    return [{ path: `${path}.secrets`, message: '"secrets" and "secret" are mutually exclusive' }]
  }
  const wrong = checkSecretNames(path, secret, secrets)
  if (wrong.length > 0) {
    return wrong
  }
  const needsSecret = auth !== undefined && auth !== 'none'
  const hasSecret = secrets !== undefined || (secret === undefined ? preset?.secret : secret)
  const isOpen = needsSecret && (hasSecret ?? null) === null
  return faultIf(isOpen, `${path}.auth`, `"${auth}" requires a "secret"`)
}

function checkSecretNames(
  path: string,
  secret: string | null | undefined,
  secrets: readonly string[] = [],
): Fault[] {
  const names = [
    ...(typeof secret === 'string' ? [{ at: 'secret', name: secret }] : []),
    ...secrets.map((name, index) => ({ at: `secrets.${index}`, name })),
  ]
  return names.flatMap(({ at, name }) => faultIf(!isSecretName(name), `${path}.${at}`, secretRule))
}

function isSecretName(name: string): boolean {
  return /^[A-Z][A-Z0-9_]{0,63}$/.test(name)
}

const secretRule = 'must be the name of a Worker secret, such as OPENAI_API_KEY, not the key itself'

const credentialHeaders =
  /^(?:authorization|proxy-authorization|cf-aig-authorization|cookie|x-api-key|api-key|x-goog-api-key)$/i

function checkHeader(path: string, [name, value]: [string, string]): Fault[] {
  const at = `${path}.headers.${name}`
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
    return [{ path: at, message: 'is not a valid header name' }]
  }
  if (credentialHeaders.test(name)) {
    return [{ path: at, message: 'must not be in the catalog; name a Worker secret in "secret"' }]
  }
  return faultIf(!/^[\x20-\x7e]*$/.test(value), at, 'must be printable ASCII characters')
}
