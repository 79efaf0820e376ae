/** What a client should receive of a recording of OpenAI's protocols: worked out from `expected` alone. */
import type { Message } from '../../../src/anthropic/answer/wire/message.ts'
import { toErrorReply } from '../../../src/anthropic/error-reply.ts'
import type { Received } from './received.ts'
import type { Expected, Recording } from './recordings.ts'

/** An answer without what differs between two versions of the same. */
export interface Answer {
  error?: string
  text: string
  reasoning: string
  tools: { name: string; input: unknown }[]
  stop: string
  usage: { input: number; output: number; cacheRead: number; cacheWrite: number } | null
}

const failed: Answer = { text: '', reasoning: '', tools: [], stop: '', usage: null }

export function toAnswer({ failure, message }: Received): Answer {
  if (message === undefined) {
    return { ...failed, error: failure === undefined ? 'none' : toErrorReply(failure).type }
  }
  const { content, usage } = message
  const texts = content.map((block) => (block.type === 'text' ? block.text : ''))
  const reasoning = content.map((block) => (block.type === 'thinking' ? block.thinking : ''))
  return {
    text: texts.join(''),
    reasoning: reasoning.join(''),
    tools: toTools(message),
    stop: message.stop_reason ?? '',
    usage: {
      input: usage.input_tokens,
      output: usage.output_tokens,
      cacheRead: usage.cache_read_input_tokens,
      cacheWrite: usage.cache_creation_input_tokens,
    },
  }
}

function toTools({ content }: Message): Answer['tools'] {
  return content
    .filter((block) => block.type === 'tool_use')
    .map(({ name, input }) => ({ name, input }))
}

export function toExpected({ expected, shows }: Recording): Answer {
  const { refusal = '', error } = expected
  if (error !== undefined) {
    return { ...failed, error: 'api_error' }
  }
  // A blank `function_call` beside the answer is no call.
  const tools = expected.tool_calls
    .filter(({ name }) => name !== '')
    .map(({ name, args, args_raw }) => ({ name, input: args ?? { INVALID_JSON: args_raw } }))
  const prose = shows.includes('think-tags-in-content')
    ? splitTags(expected.text)
    : { text: expected.text + refusal, reasoning: expected.reasoning }
  return { ...prose, tools, stop: toStop(expected, tools.length > 0), usage: toUsage(expected) }
}

function splitTags(text: string): { text: string; reasoning: string } {
  const pattern = /^\s*<think>\n?([\s\S]*?)(?:\n?<\/think>\s*([\s\S]*))?$/
  const [, reasoning = '', rest = ''] = pattern.exec(text)!
  return { text: rest, reasoning }
}

function toStop(expected: Expected, hasTools: boolean): string {
  const { finish_reason, incomplete_details, refusal } = expected
  if (finish_reason === 'length' || incomplete_details?.reason === 'max_output_tokens') {
    return 'max_tokens'
  }
  if (finish_reason === 'content_filter' || refusal !== undefined) {
    return 'refusal'
  }
  return hasTools ? 'tool_use' : 'end_turn'
}

function toUsage({ usage }: Expected): Answer['usage'] {
  if (usage === null || usage.prompt === null) {
    return null
  }
  const cacheRead = usage.cached ?? 0
  const cacheWrite = usage.cache_write ?? 0
  // Where the total is more than its two terms, the completion leaves the reasoning out.
  const output = Math.max(usage.completion ?? 0, (usage.total ?? 0) - usage.prompt)
  return {
    // More cached than the prompt has: the prompt leaves it out (Grok on Azure, Mistral).
    input:
      cacheRead > usage.prompt ? usage.prompt : Math.max(0, usage.prompt - cacheRead - cacheWrite),
    output,
    cacheRead,
    cacheWrite,
  }
}
