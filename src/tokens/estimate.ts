import type { ContentBlock } from '../anthropic/request/content-block.ts'
/**
 * Estimates the tokens of a request or a text without asking the model. Accurate within a few percent,
 * and biased upward: a client that trusts a low count exceeds the model's context window.
 */
import { findCompaction, toSummaryText } from '../anthropic/request/find-compaction.ts'
import type {
  CountTokensRequest,
  MessageParam,
  MessagesRequest,
  ToolParam,
} from '../anthropic/request/request.ts'
import { addBlock, addMessage } from './content.ts'
import { Counter } from './counter.ts'
import { addJson } from './json.ts'
import { toTokenizer } from './tokenizers.ts'

/** Tokens before the first message and after the last. */
const requestFrame = 3
/** Tokens of the preamble before the first tool. */
const toolsFrame = 12
const toolFrame = 8

/** The input tokens of a request, at least 1. `model` is the model's name at the upstream, which selects the tokenizer. */
export function estimateTokens(
  request: CountTokensRequest | MessagesRequest,
  model: string = request.model,
): number {
  const { weights, margin } = toTokenizer(model)
  const counter = new Counter(weights)
  counter.addTokens(requestFrame)
  addSystem(counter, request.system)
  for (const message of afterCompaction(request.messages)) {
    addMessage(counter, message)
  }
  addTools(counter, request.tools ?? [])
  const format = request.output_config?.format ?? request.output_format
  if (format) {
    addJson(counter, format.schema)
  }
  return toWhole(counter.total() * margin)
}

/** The tokens of blocks without those of their message. `model` as for {@link estimateTokens}. */
export function estimateBlocks(blocks: readonly ContentBlock[], model: string): number {
  const { weights, margin } = toTokenizer(model)
  const counter = new Counter(weights)
  blocks.forEach((block) => addBlock(counter, block))
  return Math.ceil(counter.total() * margin)
}

/** The tokens of a text, 0 for none. `model` as for {@link estimateTokens}. */
export function estimateText(text: string, model = ''): number {
  if (text === '') {
    return 0
  }
  const { weights, margin } = toTokenizer(model)
  const counter = new Counter(weights)
  counter.add(text)
  return toWhole(counter.total() * margin)
}

function addSystem(counter: Counter, system: MessagesRequest['system']): void {
  if (system) {
    addMessage(counter, { role: 'system', content: system })
  }
}

/** The summary of a compaction replaces all that is before it. */
function afterCompaction(messages: readonly MessageParam[]): readonly MessageParam[] {
  const found = findCompaction(messages)
  const holder = found && messages[found.message]
  if (found === undefined || holder === undefined || typeof holder.content === 'string') {
    return messages
  }
  return [
    { role: 'user', content: toSummaryText(found.summary) },
    { ...holder, content: holder.content.slice(found.block + 1) },
    ...messages.slice(found.message + 1),
  ]
}

function addTools(counter: Counter, tools: readonly ToolParam[]): void {
  if (tools.length > 0) {
    counter.addTokens(toolsFrame)
  }
  for (const tool of tools) {
    counter.addTokens(toolFrame)
    if ('custom' in tool) {
      const { name, description, input_schema } = tool.custom
      counter.add(`${name}\n${description ?? ''}\n`)
      addJson(counter, input_schema)
    } else {
      addJson(counter, tool.anthropic.raw)
    }
  }
}

function toWhole(tokens: number): number {
  return Math.max(1, Math.ceil(tokens))
}
