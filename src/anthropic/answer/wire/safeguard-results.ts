/**
 * What became of the safety check of a message's tool calls, in the fields of Anthropic's beta
 * `dangerous-tool-use-2026-09-03`. Types only.
 */

/** One entry per kind of check; there is one kind. */
export interface SafeguardResult {
  type: 'dangerous_tool_use'
  status: SafeguardStatus
}

/**
 * The result of the check for one message: a verdict for each tool use by its id, or that the model is not
 * supported.
 */
export type SafeguardStatus =
  /** A verdict for each tool call of the message, by its id. */
  | { type: 'available'; tool_uses: Record<string, CallVerdict> }
  /** The server makes no such check for this client. */
  | { type: 'unsupported' }

/** The verdict on one tool call. Only `flagged` is meant to stop a client from running it. */
export type CallVerdict =
  | { type: 'evaluated'; outcome: 'not_flagged'; cited_rule?: CitedRule }
  | { type: 'evaluated'; outcome: 'flagged'; explanation: string; cited_rule?: CitedRule }
  /** Harmless by its kind, without a judgment. */
  | { type: 'skipped' }
  | { type: 'unavailable'; reason: UnavailableReason }

/** Why there is no verdict on a call that should have had one. */
export type UnavailableReason =
  | 'timeout'
  | 'error'
  | 'refused'
  | 'input_too_long'
  | 'input_unparsed'
  | 'truncated'

/** A rule of the client's, such as `auto_mode.soft_deny.0`. */
export interface CitedRule {
  type: 'classifier_context'
  path: string
}
