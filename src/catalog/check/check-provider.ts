/** Checks that a provider of the catalog is complete, and safe to send an API key to. */
import type { Dialect } from '../../dialects/dialect.ts'
import type { PassThrough } from '../../dialects/pass-through.ts'
import type { Preset } from '../../providers/preset.ts'
import type { Registries } from '../registries.ts'
import { baseOf, lookUp } from '../registries.ts'
import type { CatalogProvider } from '../schema/provider.ts'
import type { Fault } from './fault.ts'
import { toFaults } from './fault.ts'

/** Returns all faults of one provider. */
export function checkProvider(
  name: string,
  provider: CatalogProvider,
  registries: Registries,
): Fault[] {
  const path = `providers.${name}`
  const { preset, dialect } = baseOf(provider, registries)
  const faults = [
    ...(/^[A-Za-z0-9._-]{1,64}$/.test(name)
      ? []
      : [{ path, message: 'must be 1 to 64 letters, digits, dots, underscores or hyphens' }]),
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
  const faults: Fault[] = []
  if (presetName === undefined && dialectName === undefined) {
    return [{ path, message: 'required: "preset", or "dialect" and "base_url"' }]
  }
  if (presetName !== undefined && preset === undefined) {
    faults.push({ path: `${path}.preset`, message: unknownName('preset', presetName, presets) })
  }
  if (dialectName !== undefined && lookUp(dialects, dialectName) === undefined) {
    faults.push({ path: `${path}.dialect`, message: unknownName('dialect', dialectName, dialects) })
  }
  if (provider.via !== undefined) {
    return [...faults, ...checkVia(`${path}.via.ai_gateway`, provider.via, provider, preset)]
  }
  if (faults.length === 0 && baseUrl === undefined && preset?.baseUrl === undefined) {
    faults.push({ path: `${path}.base_url`, message: toMissingBaseUrl(preset) })
  }
  return faults
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
  return [
    ...(baseUrl === undefined
      ? []
      : [{ path, message: '"via" and "base_url" are mutually exclusive' }]),
    ...(place === undefined && preset?.aiGatewayPath === undefined
      ? [
          {
            path: `${path}.path`,
            message: 'required: path of the provider in the AI gateway, such as custom-lab/v1',
          },
        ]
      : []),
    ...(secret === undefined || isSecretName(secret)
      ? []
      : [{ path: `${path}.secret`, message: secretRule }]),
  ]
}

function unknownName(what: string, name: string, table: object): string {
  return `unknown ${what} "${name}"; must be one of ${Object.keys(table).sort().join(', ')}`
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
  return url.search === '' && url.hash === ''
    ? []
    : [{ path, message: 'must not contain a query or a fragment' }]
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
  return needsSecret && (hasSecret ?? null) === null
    ? [{ path: `${path}.auth`, message: `"${auth}" requires a "secret"` }]
    : []
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
  return names
    .filter(({ name }) => !isSecretName(name))
    .map(({ at }) => ({ path: `${path}.${at}`, message: secretRule }))
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
  return /^[\x20-\x7e]*$/.test(value)
    ? []
    : [{ path: at, message: 'must be printable ASCII characters' }]
}
