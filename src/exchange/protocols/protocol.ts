/**
 * The protocol of a target: translated or passed through. Sending, retries and repairs are the same
 * for both. Types only.
 */
import type { Failure } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import type { Report } from '../../anthropic/report.ts'
import type { UpstreamReply, UpstreamRequest } from '../../dialects/dialect.ts'
import type { Source } from '../../streaming/relay.ts'
import type { Adjustment } from '../policy/adjustments.ts'
import type { ClientRequest } from '../request/request.ts'
import type { Services } from '../request/services.ts'
import type { AttemptTarget } from '../request/targets.ts'

/** One attempt: a client's request to one target, and the report of its adaptations. */
export interface Attempt {
  services: Services
  request: ClientRequest
  target: AttemptTarget
  report: Report
}

/** A request that is ready to be sent except for its credential. */
export interface PreparedRequest {
  url: string
  headers: Record<string, string>
  body: string
  /** Whether the upstream is asked to stream. */
  stream: boolean
  draft: Draft
}

/** The content of a request, for repairs. */
export interface Draft {
  /** The client's request, adjusted. */
  client: JsonObject
  /** The request in the upstream's protocol; undefined if that is the client's. */
  upstream: UpstreamRequest | undefined
  /**
   * An Anthropic-compatible host other than Anthropic, with the betas sent to it: what it rejects
   * by name may be omitted. Undefined for every other target.
   */
  host: { betas: readonly string[] } | undefined
}

/** An error response that is passed through. */
export interface RawReply {
  status: number
  headers: Record<string, string>
  body: string
}

/** Why a request was refused; `raw` if the error is passed through. */
export interface UpstreamRefusal {
  failure: Failure
  raw: RawReply | undefined
}

/** A body that can be read, with the response headers that go with it. */
export interface UpstreamBody {
  source: Exclude<Source, { failure: Failure }>
  headers: Record<string, string>
}

/** The protocol of one attempt's target. */
export interface Protocol {
  /**
   * Prepares the request for a message, and reports adaptations. Throws a GatewayError if the
   * target does not support the request.
   */
  prepare: (adjustments: readonly Adjustment[]) => PreparedRequest
  /** Prepares the request for a token count; undefined if the target cannot count. */
  prepareCount: (adjustments: readonly Adjustment[]) => PreparedRequest | undefined
  /**
   * Converts an error response that means an answer: a token limit that was reached before any
   * output. Undefined for every other.
   */
  toAnswer: (refused: UpstreamReply) => Response | undefined
  /** Returns how a response with status 2xx is read, and its headers for the client. */
  read: (
    response: Response,
    prepared: PreparedRequest,
  ) => {
    response: Response
    reading: UpstreamBody['source']['reading']
    headers: Record<string, string>
  }
  /** The body of the client's response for a token count; undefined if `text` has none. */
  readCount: (text: string) => string | undefined
  /** Classifies an error response. */
  readFailure: (reply: UpstreamReply) => UpstreamRefusal
}
