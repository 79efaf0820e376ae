/**
 * How many tokens a request or text is to a model, without asking it. Within a few percent, and rather
 * too many than too few: whoever trusts a count that is too low runs into the model's limit.
 */
import type {
  CountTokensRequest,
  MessagesRequest,
  ToolParam,
} from '../anthropic/request/request.ts'
import { addMessage } from './content.ts'
import { createCounter } from './counter.ts'
import type { Counter } from './counter.ts'
import { addJson } from './json.ts'
import { toTokenizer } from './tokenizers.ts'

/** What comes before the first message and after the last. */
const REQUEST_FRAME = 3
/** What a model is told about tools before the first of them. */
const TOOLS_FRAME = 12
const TOOL_FRAME = 8

/** The input tokens of a request, at least 1. `model` is the upstream's name, which tells the tokenizer. */
export function estimateTokens(
  request: CountTokensRequest | MessagesRequest,
  model: string = request.model,
): number {
  const { weights, margin } = toTokenizer(model)
  const counter = createCounter(weights)
  counter.addTokens(REQUEST_FRAME)
  addSystem(counter, request.system)
  for (const message of request.messages) {
    addMessage(counter, message)
  }
  addTools(counter, request.tools ?? [])
  const format = request.output_config?.format ?? request.output_format
  if (format) {
    addJson(counter, format.schema)
  }
  return toWhole(counter.total() * margin)
}

/** The tokens of a text, 0 for none. `model` as for {@link estimateTokens}. */
export function estimateText(text: string, model = ''): number {
  if (text === '') {
    return 0
  }
  const { weights, margin } = toTokenizer(model)
  const counter = createCounter(weights)
  counter.add(text)
  return toWhole(counter.total() * margin)
}

function addSystem(counter: Counter, system: MessagesRequest['system']): void {
  if (system) {
    addMessage(counter, { role: 'system', content: system })
  }
}

function addTools(counter: Counter, tools: readonly ToolParam[]): void {
  if (tools.length > 0) {
    counter.addTokens(TOOLS_FRAME)
  }
  for (const tool of tools) {
    counter.addTokens(TOOL_FRAME)
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
