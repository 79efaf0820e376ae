/**
 * An upstream protocol, as a handful of pure answers. No fetch, no clock, no randomness: what purity
 * needs from outside comes in as an argument.
 */
import type * as z from 'zod/mini'

import type { Part } from '../anthropic/answer/part.ts'
import type { Failure } from '../anthropic/error.ts'
import type { Report } from '../anthropic/report.ts'
import { withLeadingSystem } from '../anthropic/request/leading-system.ts'
import type { CountTokensRequest, MessagesRequest } from '../anthropic/request/request.ts'

/**
 * How a provider's secret is sent: as a bearer token, in the header of that name, as a signature
 * (`sigv4`: the secret is an access key of AWS as JSON), or exchanged for a bearer token
 * (`google-oauth`: the secret is the key file of a service account).
 */
export type AuthStyle =
  | 'bearer'
  | 'x-api-key'
  | 'api-key'
  | 'x-goog-api-key'
  | 'sigv4'
  | 'google-oauth'
  | 'none'

/** What the catalog says of the model that a request goes to. */
export interface TargetModel {
  /** The provider's name in the catalog; named in signatures and error messages. */
  provider: string
  /** The model's name at the provider. */
  model: string
  /** In tokens; absent where the catalog says nothing. */
  limits: { maxInputTokens?: number; maxOutputTokens?: number }
  /** What the model takes; absent means unknown, and is tried. */
  takes: { images?: boolean; pdfs?: boolean; thinking?: boolean; structuredOutputs?: boolean }
}

/** The model, with the dialect's own flags: defaults, preset and catalog already merged. */
export interface DialectTarget<Quirks> extends TargetModel {
  quirks: Quirks
}

/** What the client's request gives a dialect besides its body. */
export interface RequestContext {
  report: Report
  /**
   * Stable for one conversation or user, safe to show to a provider (already hashed), at most 64
   * characters of `[a-zA-Z0-9_-]`; absent where the client named none.
   */
  sessionKey?: string
}

/** A request on its way up. */
export interface UpstreamRequest {
  /** Appended to the provider's base URL; begins with a slash. */
  path: string
  /** Serialized as JSON. */
  body: object
  headers?: Record<string, string>
  /** Whether the upstream was asked to stream; may differ from what the client asked. */
  stream: boolean
  /** Names that had to be changed for the upstream: upstream's name → client's name. */
  toolNames: ReadonlyMap<string, string>
  /** Stop sequences that the upstream will not enforce, and the gateway must. */
  enforceStops: readonly string[]
}

/** What reading an answer needs to know of its request. */
export interface ReadContext {
  /** Upstream's tool name → client's; names that were not changed are not in it. */
  toolNames: ReadonlyMap<string, string>
  /** The tools on offer, by the client's names. */
  tools?: ReadonlySet<string> | undefined
  /** Whether the client asked for JSON and nothing else. */
  expectsJson?: boolean | undefined
  /** A fresh tool call id for the client: `toolu_…`. */
  newToolId: () => string
}

/** One server-sent event, or one message of another framing, as text. */
export interface UpstreamEvent {
  /** The event's name, where it had one. */
  event?: string | undefined
  data: string
}

/** Reads one stream. Made for one answer. */
export interface StreamReader {
  /**
   * Takes one event and returns the parts that it gives. Never throws for what an upstream sent:
   * what it cannot make sense of becomes a `failure` part.
   */
  read: (event: UpstreamEvent) => readonly Part[]
  /** The upstream closed the stream: returns what is left, `stop` or `failure` last, unless that was returned before. */
  end: () => readonly Part[]
}

/** An answer with an error status. */
export interface UpstreamReply {
  status: number
  headers: Headers
  /** The body as text, at most 64 KiB of it. */
  body: string
  /** When it came, in milliseconds since the epoch; without it, waits given as durations stay untold. */
  now?: number
}

/** How an upstream's streams are cut into events: server-sent events, or AWS's binary messages. */
export type Framing = 'sse' | 'aws-event-stream'

/** How a dialect is written: one object per protocol. */
export interface DialectDefinition<Quirks extends object> {
  name: string
  /** `sse` where it is not given. */
  framing?: Framing
  /** What the catalog may override; every field optional, unknown fields refused. */
  quirksSchema: z.ZodMiniType<Partial<Quirks>>
  /** What holds where neither preset nor catalog says otherwise. */
  defaultQuirks: Quirks
  /** Quirks over the defaults for a server without a preset, of which the catalog states these. */
  unknownServerQuirks?: (stated: Partial<Quirks>) => Partial<Quirks>
  /** Translates a request. Throws a GatewayError `invalid_request` for what the upstream cannot take. */
  toRequest: (
    request: MessagesRequest,
    target: DialectTarget<Quirks>,
    context: RequestContext,
  ) => UpstreamRequest
  /** Reads a whole answer (JSON already parsed): `start`, content, and `stop` or `failure`. */
  readReply: (body: unknown, target: DialectTarget<Quirks>, context: ReadContext) => readonly Part[]
  createReader: (target: DialectTarget<Quirks>, context: ReadContext) => StreamReader
  /** Reads an answer whose status was not 2xx. */
  toFailure: (reply: UpstreamReply, target: DialectTarget<Quirks>) => Failure
  /** Asks the upstream how many tokens a prompt has. Absent, with {@link readCount}, where it cannot say. */
  toCountRequest?: (
    request: CountTokensRequest,
    target: DialectTarget<Quirks>,
    context: RequestContext,
  ) => UpstreamRequest | undefined
  /** Reads its answer (status 2xx, JSON already parsed); undefined where that holds no count. */
  readCount?: (body: unknown) => number | undefined
}

/** A dialect bound to one model: what the routes use. */
export interface BoundDialect {
  kind: 'bound'
  name: string
  framing: Framing
  toRequest: (request: MessagesRequest, context: RequestContext) => UpstreamRequest
  readReply: (body: unknown, context: ReadContext) => readonly Part[]
  createReader: (context: ReadContext) => StreamReader
  toFailure: (reply: UpstreamReply) => Failure
  /** Native counting of tokens; absent where the upstream has none. */
  counter?: TokenCounter
}

/** How an upstream is asked for the number of a prompt's tokens, and how it answers. */
export interface TokenCounter {
  /** Undefined where this model's server cannot count. */
  toRequest: (request: CountTokensRequest, context: RequestContext) => UpstreamRequest | undefined
  /** Undefined where the answer holds no count. */
  readCount: (body: unknown) => number | undefined
}

/** A dialect as data sees it: its quirks are objects of a shape that only it knows. */
export interface Dialect {
  kind: 'translated'
  name: string
  quirksSchema: z.ZodMiniType<object>
  /** Quirks over the dialect's defaults for a server without a preset; undefined where there are none. */
  unknownServerQuirks: ((stated: object) => object) | undefined
  /** `layers` of quirks, weakest first, over the dialect's defaults. */
  bind: (model: TargetModel, layers: readonly object[]) => BoundDialect
}

/** Hides a dialect's quirks type, so that providers and the catalog can hold dialects side by side. */
export function defineDialect<Quirks extends object>(
  definition: DialectDefinition<Quirks>,
): Dialect {
  return {
    kind: 'translated',
    name: definition.name,
    quirksSchema: definition.quirksSchema,
    unknownServerQuirks: definition.unknownServerQuirks,
    bind: (model, layers) => {
      const quirks: Quirks = Object.assign({}, definition.defaultQuirks, ...layers)
      const target = { ...model, quirks }
      return {
        kind: 'bound',
        name: definition.name,
        framing: definition.framing ?? 'sse',
        toRequest: (request, context) =>
          definition.toRequest(withLeadingSystem(request), target, context),
        readReply: (body, context) => definition.readReply(body, target, context),
        createReader: (context) => definition.createReader(target, context),
        toFailure: (reply) => definition.toFailure(reply, target),
        ...bindCounter(definition, target),
      }
    },
  }
}

function bindCounter<Quirks extends object>(
  { toCountRequest, readCount }: DialectDefinition<Quirks>,
  target: DialectTarget<Quirks>,
): Pick<BoundDialect, 'counter'> {
  return toCountRequest === undefined || readCount === undefined
    ? {}
    : {
        counter: {
          toRequest: (request, context) =>
            toCountRequest(withLeadingSystem(request), target, context),
          readCount,
        },
      }
}
