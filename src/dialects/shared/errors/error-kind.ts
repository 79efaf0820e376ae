/**
 * Classifies errors. Statuses are unreliable (an exhausted account is a 429 with some, an invalid
 * key a 400), so codes and wordings take precedence, each only for certain statuses.
 */
import type { ErrorFacts } from './error-body.ts'

/** The kind of an upstream's error, from which status, retry and fail-over follow. */
export type ErrorKind =
  | 'invalid'
  /** Refused by a content policy: a retry would be refused, too. */
  | 'refused'
  | 'credential'
  | 'permission'
  | 'credit'
  /** The provider does not have the model. */
  | 'model'
  /** Something else was not found. */
  | 'absent'
  | 'conflict'
  | 'too_large'
  | 'rate'
  | 'overloaded'
  | 'timeout'
  /** An internal error of the provider. */
  | 'fault'

interface Sign {
  kind: ErrorKind
  /** Matches codes and types, which are in lower case. */
  words?: RegExp
  message?: RegExp
  /** The statuses to which it applies, besides the undefined status of an error inside a stream. */
  statuses: readonly number[]
}

/** The signs in order of precedence. */
const signs: readonly Sign[] = [
  {
    kind: 'too_large',
    // OpenAI and Groq: a single request that exceeds the limit of a minute.
    message: /request too large|(?:single|one) request (?:exceeds|is larger than)/i,
    statuses: [413, 429],
  },
  {
    kind: 'credit',
    // OpenAI and Alibaba · Kimi · Alibaba · OpenRouter · Copilot.
    words:
      /insufficient_quota|exceeded_current_quota|arrearage|payment_required|\bbilling_error|\b(?:free_)?quota_exceeded|overage_limit_reached|billing_(?:not_configured|hard_limit)|insufficient_(?:balance|credits|funds)/,
    // DeepSeek, Z.ai in two languages, OpenRouter, Anthropic.
    message:
      /insufficient (?:balance|credits?|funds)|requires more credits|credit balance is too low|out of credits|余额不足|无可用资源包|请充值/i,
    statuses: [400, 401, 402, 403, 412, 429],
  },
  {
    kind: 'refused',
    // Azure and Kimi · OpenAI · Alibaba · OpenRouter.
    words:
      /content_filter|content_policy|responsibleaipolicy|data_inspection_failed|policy_blocked|\bmoderation|invalid_prompt|\w_policy(?:_violation)?\b|content_risk|safety_violation/,
    // xAI · OpenAI · DeepSeek · MiniMax · Z.ai in two languages.
    message:
      /safety_check_type|content violates usage guidelines|flagged as potentially violating|content exists risk|new_sensitive|sensitive (?:content|information|words?)\b|敏感|\b(?:input|message|prompt|request)s? (?:was|were|has been|have been|is) flagged/i,
    statuses: [400, 403, 422, 451],
  },
  {
    kind: 'credential',
    words:
      /invalid_api_key|incorrect_api_key|api_key_invalid|invalid_authentication|authentication_error|unauthenticated|expiredtoken|unrecognizedclient|token_expired/,
    message:
      /(?:incorrect|invalid|missing|no) (?:x-)?api[ -]?key|no cookie auth|missing authentication/i,
    statuses: [400, 401, 403],
  },
  {
    kind: 'overloaded',
    // Kimi · Cerebras · Groq's flex tier · Copilot, OpenRouter · Together · Gemini · Bedrock.
    words:
      /overloaded|queue_exceeded|capacity_exceeded|provider_unavailable|service_?unavailable|\bunavailable\b|modelnotready/,
    // Mistral, Cloudflare.
    message: /\boverloaded\b|capacity (?:temporarily )?exceeded|at capacity/i,
    statuses: [424, 429, 498, 500, 502, 503, 529],
  },
  {
    kind: 'invalid',
    // OpenRouter: the model exists, but no host of it supports the request.
    message:
      /no endpoints found that (?:support|can|match|handle)|no (?:allowed |available )?(?:providers?|endpoints?)(?: are| is)? (?:available|found|match(?:ing)?)(?! for (?:model|\S+\/))|(?:data|privacy) policy/i,
    statuses: [404],
  },
  {
    kind: 'model',
    // OpenAI and many · Azure · Groq · Mistral · Copilot · OpenRouter's types.
    words:
      /model_not_found|deploymentnotfound|model_decommissioned|invalid_model|model_not_supported|model_not_available|unknown_model/,
    message: new RegExp(
      [
        '\\bmodel:? ?[`\'"]?[\\w@./:-]+[`\'"]?,? (?:(?:has been|was|is) )?(?:does(?: not|n.t) exist|not found|decommissioned|deprecated|no longer (?:available|accessible|supported))',
        '\\bmodel not found',
        'models?/\\S+ is not found',
        'is not a valid model id',
        'supported api model names',
        'no endpoints found for',
        // Bedrock.
        'model identifier is invalid',
        'resolve the foundation model',
      ].join('|'),
      'i',
    ),
    statuses: [400, 404, 410, 422],
  },
  {
    kind: 'invalid',
    // Bedrock: the message names the id to use instead.
    message: /on-demand throughput isn.t supported/i,
    statuses: [400],
  },
  {
    kind: 'fault',
    // Groq validates the model's tool calls: a retry may produce valid ones.
    words: /tool_use_failed/,
    statuses: [400],
  },
  {
    kind: 'rate',
    words:
      /rate_?limit|throttling|too_many_requests|resource_exhausted|limit_requests|servicequotaexceeded/,
    statuses: [429],
  },
  {
    kind: 'timeout',
    words: /timeout|deadline_exceeded/,
    statuses: [408, 424, 500, 504, 524],
  },
  {
    kind: 'invalid',
    words:
      /invalid_request|bad_?request|invalid_argument|invalid_parameter|unprocessable|validationexception/,
    statuses: [],
  },
  // Anthropic's types, inside a stream.
  { kind: 'permission', words: /\bpermission_error\b/, statuses: [] },
  { kind: 'absent', words: /\bnot_found_error\b|resourcenotfoundexception/, statuses: [] },
  { kind: 'conflict', words: /\bconflict_error\b|conflictexception/, statuses: [] },
  { kind: 'too_large', words: /\brequest_too_large\b/, statuses: [] },
]

const statusKinds: Record<number, ErrorKind> = {
  401: 'credential',
  402: 'credit',
  403: 'permission',
  404: 'absent',
  408: 'timeout',
  409: 'conflict',
  413: 'too_large',
  424: 'fault',
  429: 'rate',
  434: 'permission',
  451: 'refused',
  // iFlow.
  449: 'rate',
  435: 'too_large',
  // Groq's flex tier.
  498: 'overloaded',
  499: 'fault',
  503: 'overloaded',
  504: 'timeout',
  522: 'timeout',
  524: 'timeout',
  529: 'overloaded',
}

/**
 * Classifies an error; `status` is the response's, undefined inside a stream, where the body may
 * have one.
 */
export function toErrorKind(facts: ErrorFacts, status: number | undefined): ErrorKind {
  const effective = effectiveStatus(facts, status)
  if (effective === 429 && neverFits(facts.text)) {
    return 'too_large'
  }
  return signs.find((sign) => matches(sign, facts, effective))?.kind ?? ofStatus(effective)
}

/** The status of an error; undefined if neither it nor its body has one. */
export function effectiveStatus(facts: ErrorFacts, status: number | undefined): number | undefined {
  const sent = status !== undefined && status >= 400 ? status : undefined
  return facts.codeStatus ?? sent ?? facts.status
}

/** Whether a single request exceeds its rate limit for a whole window. */
function neverFits(text: string): boolean {
  const [, limit, requested] = /limit:? ?([\d,]+)\b.{0,60}requested:? ?([\d,]+)/is.exec(text) ?? []
  return toNumber(requested) > toNumber(limit)
}

function toNumber(digits: string | undefined): number {
  return Number((digits ?? '').replaceAll(',', ''))
}

function matches(sign: Sign, { words, text }: ErrorFacts, status: number | undefined): boolean {
  return (
    (status === undefined || sign.statuses.includes(status)) &&
    (sign.words?.test(words) === true || sign.message?.test(text) === true)
  )
}

function ofStatus(status: number | undefined): ErrorKind {
  if (status === undefined) {
    return 'fault'
  }
  return statusKinds[status] ?? (status < 500 ? 'invalid' : 'fault')
}
