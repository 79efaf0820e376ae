/**
 * The interface of a dialect: an upstream protocol as a few pure functions. No fetch, clock or
 * randomness: what they need from outside is an argument.
 */
import type * as z from 'zod/mini'

import type { Part } from '../anthropic/answer/part.ts'
import type { Failure } from '../anthropic/error.ts'
import type { Report } from '../anthropic/report.ts'
import type { CountTokensRequest, MessagesRequest } from '../anthropic/request/request.ts'
import type { SearchBlocks, WebSearchOffer } from './web-search.ts'

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

/** The catalog's data of the model that receives a request. */
export interface TargetModel {
  /** The provider's name in the catalog; named in signatures and error messages. */
  provider: string
  /** The model's name at the provider. */
  model: string
  /** Limits in tokens; absent if the catalog has none. */
  limits: { maxInputTokens?: number; maxOutputTokens?: number }
  /** The model's capabilities; absent means unknown, which is treated as supported. */
  takes: { images?: boolean; pdfs?: boolean; thinking?: boolean; structuredOutputs?: boolean }
}

/** The model, with the dialect's own flags: defaults, preset and catalog already merged. */
export interface DialectTarget<Quirks> extends TargetModel {
  quirks: Quirks
}

/** What a dialect gets of the client's request besides its body. */
export interface RequestContext {
  report: Report
  /**
   * A stable identifier of the conversation or user, hashed so that providers may see it: at most
   * 64 characters of `[a-zA-Z0-9_-]`; absent if the client sent none.
   */
  sessionKey?: string
  /** The web search that the upstream is to run itself; {@link Translation.search} has agreed. */
  webSearch?: WebSearchOffer | undefined
}

/** A translated request to an upstream. */
export interface UpstreamRequest {
  /** Appended to the provider's base URL; begins with a slash. */
  path: string
  /** Serialized as JSON. */
  body: object
  headers?: Record<string, string>
  /** Whether the upstream is asked to stream; may differ from the client's `stream`. */
  stream: boolean
  /** The tool names that were changed for the upstream: upstream's name → client's name. */
  toolNames: ReadonlyMap<string, string>
  /** Stop sequences that the upstream does not enforce, so that the gateway must. */
  enforceStops: readonly string[]
}

/** What a response reader needs to know of the request. */
export interface ReadContext {
  /** Upstream's tool name → client's name; contains only names that were changed. */
  toolNames: ReadonlyMap<string, string>
  /** The client's names of the offered tools. */
  tools?: ReadonlySet<string> | undefined
  /** Whether the client requested structured output, so that the text must be JSON. */
  expectsJson?: boolean | undefined
  /** Returns a new tool call id for the client: `toolu_…`. */
  newToolId: () => string
  /** Collects what the answer loses, and what is repaired in it, under fields that begin with `answer.`. */
  report?: Report | undefined
  /** What becomes of the upstream's own web searches; undefined where it was not asked for any. */
  webSearch?: SearchBlocks | undefined
}

/** One server-sent event, or one frame of another framing, as text. */
export interface UpstreamEvent {
  /** The event's name, if it has one. */
  event?: string | undefined
  data: string
}

/** Reads the events of one upstream stream. */
export interface StreamReader {
  /**
   * Reads one event and returns its parts. Never throws for anything that an upstream sends: an
   * invalid event becomes a `failure` part.
   */
  read: (event: UpstreamEvent) => readonly Part[]
  /**
   * Ends the stream, which the upstream has closed, or which is broken: returns the remaining parts,
   * `stop` or `failure` last unless already returned.
   */
  end: (isBroken?: boolean) => readonly Part[]
}

/** An upstream response with an error status. */
export interface UpstreamReply {
  status: number
  headers: Headers
  /** The body as text, truncated to 64 KiB. */
  body: string
  /**
   * When the response arrived, in milliseconds since the epoch; without it, resets given as
   * durations are not reported.
   */
  now?: number
}

/** The framing of an upstream's streams: server-sent events, or AWS's binary event stream. */
export type Framing = 'sse' | 'aws-event-stream'

/** The definition of a dialect: one object per protocol, and one for its code. */
export interface DialectDefinition<Quirks extends object> {
  name: string
  /** The framing of streams; `sse` by default. */
  framing?: Framing
  /** The schema of quirks in the catalog: every field is optional, unknown fields are rejected. */
  quirksSchema: z.ZodMiniType<Partial<Quirks>>
  /** The quirks that apply if neither preset nor catalog sets others. */
  defaultQuirks: Quirks
  /**
   * The quirks to merge over the defaults for a server without a preset, given those that the
   * catalog sets.
   */
  unknownServerQuirks?: (stated: Partial<Quirks>) => Partial<Quirks>
  /** The code, or what loads it: a module that is compiled at the first request over this dialect. */
  translation: Translation<Quirks> | (() => Promise<Translation<Quirks>>)
}

/** The code of a dialect. */
export interface Translation<Quirks extends object> {
  /**
   * Translates a request. Throws a GatewayError `invalid_request` for content that the upstream
   * does not support.
   */
  toRequest: (
    request: MessagesRequest,
    target: DialectTarget<Quirks>,
    context: RequestContext,
  ) => UpstreamRequest
  /**
   * Reads a non-streaming response (parsed JSON) into parts: `start`, content, and `stop` or
   * `failure`.
   */
  readReply: (body: unknown, target: DialectTarget<Quirks>, context: ReadContext) => readonly Part[]
  createReader: (target: DialectTarget<Quirks>, context: ReadContext) => StreamReader
  /** Classifies a response with an error status. */
  toFailure: (reply: UpstreamReply, target: DialectTarget<Quirks>) => Failure
  /**
   * Translates a token count request. Absent, with {@link readCount}, if the protocol cannot count
   * tokens.
   */
  toCountRequest?: (
    request: CountTokensRequest,
    target: DialectTarget<Quirks>,
    context: RequestContext,
  ) => UpstreamRequest | undefined
  /**
   * Reads the response of a token count (status 2xx, parsed JSON); undefined if it has no count.
   */
  readCount?: (body: unknown) => number | undefined
  /** The upstream's own web search. Absent if the protocol has none. */
  search?: (target: DialectTarget<Quirks>) => NativeSearch | undefined
}

/** Web search that an upstream runs itself. */
export interface NativeSearch {
  /** List price of 1,000 searches in USD. */
  price: number
  /** Whether it keeps to what the client allows. `hasFunctions`: whether functions are offered too. */
  takes: (offer: WebSearchOffer, hasFunctions: boolean) => boolean
}

/** A dialect bound to one model and its quirks, its code loaded. */
export interface BoundDialect {
  name: string
  framing: Framing
  toRequest: (request: MessagesRequest, context: RequestContext) => UpstreamRequest
  readReply: (body: unknown, context: ReadContext) => readonly Part[]
  createReader: (context: ReadContext) => StreamReader
  toFailure: (reply: UpstreamReply) => Failure
  /** Native token counting; absent if the protocol has none. */
  counter?: TokenCounter
  /** The model's own web search; undefined if it has none. */
  search: NativeSearch | undefined
}

/** The request and response of an upstream's token count. */
export interface TokenCounter {
  /** Translates a token count request; undefined if this model's server cannot count. */
  toRequest: (request: CountTokensRequest, context: RequestContext) => UpstreamRequest | undefined
  /** Reads the count from the parsed response; undefined if it has none. */
  readCount: (body: unknown) => number | undefined
}

/** A dialect whose quirks type is hidden, as providers and the catalog use it. */
export interface Dialect {
  kind: 'translated'
  name: string
  quirksSchema: z.ZodMiniType<object>
  /**
   * The quirks to merge over the defaults for a server without a preset, given those that the
   * catalog sets; undefined if there are none.
   */
  unknownServerQuirks: ((stated: object) => object) | undefined
  /**
   * Binds the dialect to a model, with `layers` of quirks, weakest first, merged over the defaults.
   */
  bind: (model: TargetModel, layers: readonly object[]) => LoadableDialect
}

/** A dialect bound to one model, whose code may not be loaded yet. */
export interface LoadableDialect {
  kind: 'translated'
  name: string
  /** Returns no promise where the code is loaded. */
  load: () => BoundDialect | Promise<BoundDialect>
}
