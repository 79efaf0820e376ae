/**
 * A vendor is one object: what its protocols have in common, and what differs in each. Presets are
 * derived from it, and named after the vendor: `deepseek` for chat completions,
 * `deepseek-<protocol>` for every other protocol, unless `names` overrides that.
 */
import { anthropic } from '../dialects/anthropic/index.ts'
import type { AnthropicQuirks } from '../dialects/anthropic/quirks.ts'
import { bedrock } from '../dialects/bedrock/index.ts'
import type { BedrockQuirks } from '../dialects/bedrock/quirks.ts'
import type { AuthStyle, Dialect } from '../dialects/dialect.ts'
import { gemini } from '../dialects/gemini/index.ts'
import type { GeminiQuirks } from '../dialects/gemini/quirks.ts'
import { openaiChat } from '../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../dialects/openai-chat/quirks.ts'
import { openaiResponses } from '../dialects/openai-responses/index.ts'
import type { ResponsesQuirks } from '../dialects/openai-responses/quirks.ts'
import type { PassThrough } from '../dialects/pass-through.ts'
import type { BoundOffer, LocalFetch, Preset } from './preset.ts'

/** The dialect of each protocol. */
const dialects = {
  anthropic,
  chat: openaiChat,
  converse: bedrock,
  gemini,
  responses: openaiResponses,
} satisfies Record<ProtocolName, Dialect | PassThrough>

const protocolNames = ['chat', 'responses', 'anthropic', 'gemini', 'converse'] as const

/** The connection to a vendor. That of a protocol overrides the vendor's own. */
interface Connection {
  /** Base URL without a trailing slash. Absent if each operator has a different one. */
  baseUrl?: string
  /** An example of such a URL. */
  baseUrlExample?: string
  /** Path in Cloudflare AI Gateway that replaces `baseUrl` (see ai-gateway.ts). */
  aiGateway?: string
  /** How the secret is sent; `bearer` by default. */
  auth?: AuthStyle
  /** Name of the Worker secret; null if no key is required. */
  secret?: string | null
  /** False for a vendor without a list of models, or with one of names that cannot be used. */
  hasModelList?: boolean
  fetch?: LocalFetch
  offer?: BoundOffer
  isDemo?: boolean
}

/** A protocol of a vendor. `Others` are the quirks of the dialect that model rules may select. */
interface Protocol<Quirks, Others = never> extends Connection {
  quirks?: Partial<Quirks>
  models?: readonly Rule<Quirks, Others>[]
}

type Rule<Quirks, Others> =
  | { match: string; dialect?: never; quirks: Partial<Quirks> }
  | { match: string; dialect: Dialect; quirks: Partial<Others> }

/** Protocols by name, as vendors offer them. */
interface Protocols {
  anthropic: Protocol<AnthropicQuirks> & {
    /** A host of Claude with its own paths and errors. */
    host?: PassThrough
  }
  chat: Protocol<ChatQuirks, ResponsesQuirks>
  converse: Protocol<BedrockQuirks>
  gemini: Protocol<GeminiQuirks>
  responses: Protocol<ResponsesQuirks>
}

type ProtocolName = keyof Protocols
type PresetNames = Partial<Record<ProtocolName, string>>

interface VendorDefinition<
  Name extends string,
  Offered extends ProtocolName,
  Names extends PresetNames,
> extends Connection {
  name: Name
  /** URL of the API documentation. */
  docs: string
  /** OpenTelemetry's `gen_ai.provider.name`; `name` by default. */
  genAiProvider?: string
  secret: string | null
  protocols: { [Each in Offered]: Protocols[Each] }
  /** Names of presets that differ from the default. */
  names?: Names
}

type NameOf<Name extends string, Each extends ProtocolName, Names> =
  Names extends Record<Each, infer Own extends string>
    ? Own
    : Each extends 'chat'
      ? Name
      : `${Name}-${Each}`

type PresetsOf<Name extends string, Offered extends ProtocolName, Names> = {
  readonly [Each in Offered as NameOf<Name, Each, Names>]: Preset
}

/**
 * Derives the presets of a vendor, one for each protocol. Quirks are checked against the dialect's
 * at compile time.
 */
export function defineVendor<
  const Name extends string,
  Offered extends ProtocolName,
  const Names extends PresetNames = PresetNames,
>(definition: VendorDefinition<Name, Offered, Names>): PresetsOf<Name, Offered, Names>
export function defineVendor({ protocols, ...vendor }: AnyVendor): Record<string, Preset> {
  const presets: Record<string, Preset> = {}
  for (const each of protocolNames) {
    const protocol = protocols[each]
    if (protocol !== undefined) {
      const name =
        vendor.names?.[each] ?? (each === 'chat' ? vendor.name : `${vendor.name}-${each}`)
      presets[name] = toPreset(name, dialects[each], vendor, protocol)
    }
  }
  return presets
}

interface AnyVendor extends Connection {
  name: string
  docs: string
  genAiProvider?: string
  secret: string | null
  protocols: { [Each in ProtocolName]?: Protocols[Each] }
  names?: PresetNames
}

type AnyProtocol = Connection & {
  host?: PassThrough
  quirks?: object
  models?: readonly { match: string; dialect?: Dialect; quirks: object }[]
}

function toPreset(
  name: string,
  usual: Dialect | PassThrough,
  vendor: Omit<AnyVendor, 'protocols'>,
  protocol: AnyProtocol,
): Preset {
  // The path in AI Gateway replaces a single base URL.
  const { baseUrl, aiGateway } = protocol.baseUrl === undefined ? vendor : protocol
  const { auth = 'bearer', secret, hasModelList = true, ...local } = { ...vendor, ...protocol }
  return {
    name,
    docs: vendor.docs,
    genAiProvider: vendor.genAiProvider ?? vendor.name,
    dialect: protocol.host ?? usual,
    baseUrl,
    baseUrlExample: protocol.baseUrlExample ?? vendor.baseUrlExample,
    auth,
    secret,
    headers: {},
    hasModelList,
    quirks: protocol.quirks ?? {},
    models: (protocol.models ?? []).map(({ match, dialect, quirks }) => ({
      match,
      dialect,
      quirks,
    })),
    aiGatewayPath: aiGateway,
    fetch: local.fetch,
    offer: local.offer,
    isDemo: local.isDemo === true,
  }
}
