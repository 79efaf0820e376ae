/**
 * Converts every provider's message for a context overflow to Anthropic's, since clients match that
 * text to compact a conversation or to lower `max_tokens`.
 */

/** The sizes in tokens in an upstream's message; each may be missing. */
interface Sizes {
  /** The model's context window. */
  limit?: number
  /** The prompt. */
  input?: number
  /** The output limit of the request. */
  output?: number
  /** Prompt and output limit together, or the prompt if the message has only one number. */
  used?: number
  /** The number of tokens by which the prompt is too long. */
  excess?: number
}

/**
 * Matches messages for a context overflow, as found in recordings, documentation and issue threads.
 */
const wordings = new RegExp(
  [
    'context[_ ]?(?:length|window)[_ ]?exceeded',
    'model_max_prompt_tokens_exceeded',
    'exceed_context_size_error',
    'too_many_prompt_tokens',
    'max_tokens_context_overflow',
    'capability_rejected: prompt_too_long',
    'maximum (?:context|prompt|model) (?:length|limit)',
    'exceeds? (?:(?:the|your|this|model.?s|max(?:imum)?) )*context (?:window|length|limit)',
    'exceed(?:s|ed)? (?:the )?max(?:imum)? context',
    'context window exceeds limit',
    'context exceeds your deployment',
    'exceeds the available context size',
    '(?:longer|greater) than the (?:model.?s )?(?:maximum )?(?:context|model) length',
    'input token count.*exceeds the maximum',
    'input tokens? exceed',
    'exceeds the maximum number of tokens',
    'tokens in request more than max tokens allowed',
    'prompt (?:is )?too long',
    'input is too long for requested model',
    'prompt exceeds max length',
    'exceeded model token limit',
    'input token length too long',
    'prompt token count of \\d+ exceeds the limit of \\d+',
    'range of input length should be',
    'too large for model with \\d+ maximum context',
    'but model only supports up to',
    '`inputs` tokens \\+ `max_new_tokens` must be',
    'current length is \\d+ while limit is \\d+',
    'reduce the length of the messages',
    'total length of all messages is too long',
    'number of input tokens exceeds',
    'exceed context limit',
    'input length exceeds the context',
    'requested token count exceeds',
    // vLLM and others: the prompt leaves a negative output limit.
    'max(?:_completion|_output|_new)?_tokens\\b.{0,60}\\b(?:got|is|was|value:?|received:?) \\(?-\\d+',
    // LM Studio.
    'keep the first \\d+ tokens when context',
    'context the overflows|context overflow',
    'n_keep: ?\\d+ ?>= ?n_ctx',
    'prompt (?:has|contains|of) \\d+ tokens.{0,40}context',
    'not enough context|exceeds? (?:the )?(?:context size|n_ctx)',
  ].join('|'),
  'i',
)

/**
 * Matches other limits whose messages also mention length: a rate, a quota, a policy, a field's own
 * limit.
 */
const vetoes =
  /rate.?limit|per.?minute|\bTPM\b|quota|policy_blocked|dlp_request_denied|expected maxlength|string too long\. expected a string with maximum length/i

/**
 * Matches messages in which the output limit is too large, without a size of the prompt: a smaller
 * `max_tokens` helps, and a shorter conversation does not.
 */
const outputCap =
  /\bmax_?(?:completion_?|output_?|new_?)?tokens\b[^.]{0,40}(?:exceeds?|too large|too high|greater than|larger than|at most|less than or equal)/i

/** Matches mentions of the prompt besides the output limit, or a negative remainder. */
const promptPattern = /\b(?:input|inputs|prompt|messages?|in total)\b|\d ?\+ ?\d|[( ]-\d/i

/** The statuses of overflow errors; undefined inside a stream. */
const statuses = new Set<number | undefined>([undefined, 200, 400, 413, 422])

/** Patterns of sizes, with groups named after {@link Sizes}. Numbers may have separators. */
const sizePatterns: readonly RegExp[] = [
  // Anthropic.
  /(?<input>\d{1,12}) \+ (?<output>\d{1,12}) > (?<limit>\d{1,12})/,
  /prompt is too long: (?<used>\d{1,12}) tokens > (?<limit>\d{1,12})/i,
  // vLLM: … is 4096 tokens and your request has 12 input tokens (20000 > 4096 - 12).
  /length is (?<limit>\d{1,12}) tokens and your request has (?<input>\d{1,12}) input tokens \((?<output>\d{1,12}) >/i,
  // vLLM, Workers AI: you requested N output tokens and your prompt contains at least M input tokens.
  /length is (?<limit>\d{1,12}) tokens.*requested (?<output>\d{1,12}) output tokens.*?(?<input>(?<!\d)\d{1,12}) input tokens/is,
  // SGLang, Workers AI.
  /length of (?<limit>\d{1,12}) tokens.*total of (?<used>\d{1,12}) tokens: (?<input>\d{1,12}) tokens from the input messages and (?<output>\d{1,12})/is,
  // DeepSeek, older OpenAI, older vLLM.
  /length is (?<limit>\d{1,12}) tokens.*requested (?<used>\d{1,12}) tokens \((?<input>\d{1,12}) in (?:the|your) (?:messages|prompt)[,;] (?<output>\d{1,12}) (?:in|for) the completion/is,
  // OpenRouter, with and without a separate count of tools.
  /length is (?<limit>\d{1,12}) tokens.*requested about (?<used>\d{1,12}) tokens \(.*?(?<output>(?<!\d)\d{1,12}) in the output\)/is,
  // OpenAI.
  /length is (?<limit>\d{1,12}) tokens.*?(?:resulted in|requested|contains)[^0-9]*(?<used>\d{1,12})/is,
  /limit of (?<limit>\d{1,12}) tokens.*?(?:resulted in|requested|contains)[^0-9]*(?<used>\d{1,12})/is,
  // xAI.
  /maximum prompt length is (?<limit>\d{1,12})(?!\d).*?contains (?<used>\d{1,12})/is,
  // TGI, Together.
  /must be <= (?<limit>\d{1,12})\. Given: (?<input>\d{1,12}) `inputs` tokens and (?<output>\d{1,12}) `max_new_tokens`/i,
  // LM Studio.
  /first (?<used>\d{1,12}) tokens.*?context length of (?:only )?(?<limit>\d{1,12})/is,
  // LM Studio, llama.cpp.
  /n_keep: ?(?<used>\d{1,12}) ?>=? ?n_ctx: ?(?<limit>\d{1,12})/i,
  // Gemini.
  /token count \((?<used>\d{1,12})\) exceeds.*?\((?<limit>\d{1,12})\)/is,
  // llama.cpp.
  /request \((?<used>\d{1,12}) tokens\) exceeds.*?\((?<limit>\d{1,12}) tokens\)/is,
  // SGLang.
  /input \((?<used>\d{1,12}) tokens\) is longer.*?\((?<limit>\d{1,12}) tokens\)/is,
  // Fireworks.
  /too long: (?<used>\d{1,12}), model maximum context length: (?<limit>\d{1,12})/i,
  // Servers on MLX.
  /too long: (?<used>\d{1,12}) tokens exceeds max context window of (?<limit>\d{1,12})/i,
  // Cerebras.
  /length is (?<used>\d{1,12}) while limit is (?<limit>\d{1,12})/i,
  // Copilot.
  /token count of (?<used>\d{1,12}) exceeds the limit of (?<limit>\d{1,12})/i,
  // Mistral.
  /contains (?<used>\d{1,12}) tokens.*?with (?<limit>\d{1,12}) maximum context/is,
  // Kimi.
  /token limit ?: ?(?<limit>\d{1,12}) ?\(requested: (?<used>\d{1,12})\)/i,
  /token limit ?: ?(?<limit>\d{1,12})/i,
  // Alibaba.
  /\[1, *(?<limit>\d{1,12})\]/,
  // Ollama's cloud.
  /max context length by (?<excess>\d{1,12}) tokens/i,
  /(?:context|prompt) (?:length|window|size)(?: is| of)? (?<limit>\d{1,12})/i,
]

interface OverflowText {
  /** The upstream's messages and codes, nested ones included. */
  text: string
  /** The HTTP status; undefined inside a stream. */
  status: number | undefined
  /** The model's context window from the catalog, if known. */
  knownLimit: number | undefined
}

/** Anthropic's message for an upstream's overflow; undefined if the error is another one. */
export function toOverflowMessage({ text, status, knownLimit }: OverflowText): string | undefined {
  if (!statuses.has(status) || !wordings.test(text) || vetoes.test(text)) {
    return undefined
  }
  if (outputCap.test(text) && !promptPattern.test(text)) {
    return undefined
  }
  const sizes = readSizes(text)
  const limit = sizes.limit ?? knownLimit
  return fitsAlone(sizes, limit) ?? tooLong(sizes, limit)
}

/** The message if the prompt fits and only the output limit is too large; undefined otherwise. */
function fitsAlone({ input, output, used }: Sizes, limit: number | undefined): string | undefined {
  const alone = input ?? (used === undefined || output === undefined ? undefined : used - output)
  if (
    limit === undefined ||
    alone === undefined ||
    !output ||
    alone > limit ||
    alone + output <= limit
  ) {
    return undefined
  }
  return `input length and \`max_tokens\` exceed context limit: ${alone} + ${output} > ${limit}, decrease input length or \`max_tokens\` and try again`
}

/**
 * The message for a prompt that is too long, with the upstream's numbers only: clients compute from
 * them how much of a conversation to remove.
 */
function tooLong({ input, used, excess }: Sizes, limit: number | undefined): string {
  const counted = [input, used].find((count) => count !== undefined && count > (limit ?? Infinity))
  const tokens =
    counted ?? (excess === undefined || limit === undefined ? undefined : limit + excess)
  return tokens === undefined
    ? 'prompt is too long'
    : `prompt is too long: ${tokens} tokens > ${limit} maximum`
}

function readSizes(text: string): Sizes {
  // 200,000 and 200_000, but not digits of a list.
  const plain = text.replace(/(?<=\d)[,_](?=\d{3}(?!\d))/g, '')
  for (const pattern of sizePatterns) {
    const groups = pattern.exec(plain)?.groups
    if (groups !== undefined) {
      return Object.fromEntries(
        Object.entries(groups).map(([name, digits]) => [name, Number(digits)]),
      )
    }
  }
  return {}
}

/** Whether an error's message is a result of {@link toOverflowMessage}. */
export function isOverflowMessage(message: string): boolean {
  return /^(?:prompt is too long|input length and `max_tokens` exceed context limit)/.test(message)
}
