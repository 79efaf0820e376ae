/**
 * A request to a target in the target's protocol. There are two kinds, translated and passed through; what is
 * sent, in which order, and what is repaired after a refusal is the same for both. Types only.
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

/** One attempt: a client's request on its way to one target, and the report of what is not carried there. */
export interface Attempt {
  services: Services
  request: ClientRequest
  target: AttemptTarget
  report: Report
}

/** A request that can be sent but for its credential. */
export interface PreparedRequest {
  url: string
  headers: Record<string, string>
  body: string | Uint8Array
  /** Whether the upstream is asked to stream. */
  stream: boolean
  draft: Draft
}

/** The contents of a request, which a repair looks at. */
export interface Draft {
  /** The client's request, adjusted. */
  client: JsonObject
  /** The request in the upstream's protocol; undefined where that is the client's. */
  upstream: UpstreamRequest | undefined
  /**
   * A host of the client's protocol that is not Anthropic itself, with the betas sent to it: what it
   * refuses by name may be left out. Undefined for every other target.
   */
  host: { betas: readonly string[] } | undefined
}

/** An error response that is passed on as received. */
export interface RawReply {
  status: number
  headers: Record<string, string>
  body: string
}

/** Why a request was refused; `raw` where that is passed on as received. */
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
   * The request for a message. Throws a GatewayError where the target cannot take what the client sent.
   * Reports what is not carried.
   */
  prepare: (adjustments: readonly Adjustment[]) => PreparedRequest
  /** The request for a count of tokens; undefined where the target cannot count. */
  prepareCount: (adjustments: readonly Adjustment[]) => PreparedRequest | undefined
  /**
   * An error response that is an answer in truth, to be read as one: a token limit that was reached
   * before the first word. Undefined for every other.
   */
  toAnswer: (refused: UpstreamReply) => Response | undefined
  /** How a response with status 2xx is read, and which of its headers are passed on. */
  read: (
    response: Response,
    prepared: PreparedRequest,
  ) => {
    response: Response
    reading: UpstreamBody['source']['reading']
    headers: Record<string, string>
  }
  /** The body of the client's response for a count; undefined where `text` holds none. */
  readCount: (text: string) => string | undefined
  /** What an error response means. */
  readFailure: (reply: UpstreamReply) => UpstreamRefusal
}
