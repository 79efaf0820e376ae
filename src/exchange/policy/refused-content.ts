/** Recognizes refusals of content in the conversation, and of options outside it. */
import type { MediaKind } from '../../anthropic/request/media.ts'
import type { Refusal } from './refusal.ts'
import { isRefusal, readComplaints, refusalPattern } from './refusal.ts'

function textOf({ body }: Refusal): string {
  return readComplaints(body)
    .map(({ message, code, param }) => `${param ?? ''}: ${message} ${code}`)
    .join('\n')
}

/** Matches complaints about a single image or PDF, its size, format or URL, which may not apply to others. */
const oneOfThem =
  /too (?:large|big|many)|exceed|size|dimension|pixel|resolution|pages?\b|media.?type|mime|format|base64|decode|download|fetch|(?<!(?:image|document)_)url is|invalid url|corrupt|encrypted|password|could not process|tool/i

const names: Record<MediaKind, RegExp> = {
  image: /image|vision|multi-?modal|mmproj/i,
  pdf: /\bpdfs?\b|\b(?:input_)?(?:documents?|files?)(?:_(?:url|data|id))?\b/i,
}

/**
 * The kind of media that the model does not support at all, the first that is named; undefined if the
 * refusal has another reason:
 *
 *   messages[2]: unknown variant `image_url`, expected `text`
 *   No endpoints found that support image input
 *   image input is not supported - hint: if this is unexpected, you may need to provide the mmproj
 *   This model does not support images. / is not a multimodal model / is a text-only model
 *   Unknown part type: file
 *   This model doesn't support documents.
 */
export function findRefusedMedia(
  refusal: Refusal,
  kinds: readonly MediaKind[],
): MediaKind | undefined {
  const text = textOf(refusal)
  const refuses =
    refusalPattern.test(text) ||
    /no endpoints found that support|expected [`'"]?(?:text|string|a string)\b|not (?:a )?(?:multi-?modal|vision)|text[- ]only|only (?:supports? |accepts? )?text|does not (?:accept|have|take)|cannot (?:accept|process|read|see|handle)|not enabled|only supported (?:by|for|on|in)/i.test(
      text,
    )
  const isOne =
    oneOfThem.test(text) &&
    !/unknown variant|no endpoints|model does(?: not|n't) support/i.test(text)
  if (![400, 404, 415, 422, 500, 501].includes(refusal.status) || !refuses || isOne) {
    return undefined
  }
  const named = kinds.filter((kind) => names[kind].test(text))
  return named.toSorted((a, b) => text.search(names[a]) - text.search(names[b]))[0]
}

const reasoningName =
  /\b(?:reasoning(?:_content|_details|_text|_opaque)?|thinking(?:_blocks)?|thoughts?)\b/i

/**
 * Whether earlier reasoning is refused in messages, whatever its content:
 *
 *   'messages.1' : for 'role:assistant' … property 'reasoning' is unsupported
 *   detail: loc [body, messages, 1, assistant, reasoning_content], extra_forbidden
 */
export function refusesReasoningInHistory(refusal: Refusal): boolean {
  const text = textOf(refusal)
  const isInHistory = /\bmessages?\b|\bassistant\b|\binput\b|reasoning_content/i.test(text)
  const isNeeded = /passed back|missing|required|must (?:include|contain|have)/i.test(text)
  return (
    isRefusal(refusal) &&
    isInHistory &&
    !isNeeded &&
    reasoningName.test(text) &&
    (refusalPattern.test(text) ||
      /should not|must not|cannot (?:contain|include)|invalid (?:field|property|key)/i.test(text))
  )
}

/**
 * Whether a thinking model requires the reasoning of earlier tool calls:
 *
 *   The `content[].thinking` in the thinking mode must be passed back to the API.
 *   thinking is enabled but reasoning_content is missing in assistant tool call message at index 2
 */
export function wantsReasoningBack(refusal: Refusal): boolean {
  const text = textOf(refusal)
  return (
    isRefusal(refusal) &&
    reasoningName.test(text) &&
    /passed back|(?:is|are) missing|must (?:start|begin) with|must be (?:provided|included)/i.test(
      text,
    )
  )
}

/** Whether structured output is refused as such, rather than an invalid schema. */
export function refusesOutputFormat(refusal: Refusal): boolean {
  const text = textOf(refusal)
  return (
    isRefusal(refusal) &&
    /response_?format|text\.format|output_?(?:config|format)|json_?schema|structured.?output|responseSchema|responseJsonSchema/i.test(
      text,
    ) &&
    refusalPattern.test(text) &&
    !/invalid schema|invalid_json_schema/i.test(text)
  )
}

/**
 * The values of `anthropic-beta` that are refused, `all` if the refusal names none; undefined if it
 * has another reason.
 *
 *   Unexpected value(s) `some-new-thing-2026-11-01` for the `anthropic-beta` header.
 *   invalid beta flag
 */
export function findRefusedBetas(
  refusal: Refusal,
  sent: readonly string[],
): readonly string[] | 'all' | undefined {
  const text = textOf(refusal)
  if (!isRefusal(refusal) || sent.length === 0 || !/\bbeta\b|anthropic[-_]beta/i.test(text)) {
    return undefined
  }
  if (
    !/invalid|unexpected|unsupported|unknown|unrecogni[sz]ed|not (?:supported|permitted|allowed|valid|available)/i.test(
      text,
    )
  ) {
    return undefined
  }
  const named = sent.filter((beta) => text.includes(beta))
  return named.length === 0 ? 'all' : named
}
