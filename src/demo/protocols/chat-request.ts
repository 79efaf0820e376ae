/** The fields of a Chat Completions request that the demo reads; unknown fields are ignored. */
import * as z from 'zod/mini'

import { lazySchema } from '../../platform/lazy-schema.ts'
import type { Conversation, Tool, Turn } from '../model/demo-model.ts'
import { describeAttachment } from './attachment.ts'
import type { Limits } from './output.ts'

/** The schema of the body, built at the first request. */
export const chatRequest = lazySchema(() => {
  const part = z.looseObject({
    type: z.string(),
    text: z.optional(z.string()),
    image_url: z.optional(z.looseObject({ url: z.string() })),
    file: z.optional(z.looseObject({ file_data: z.optional(z.string()) })),
    document_url: z.optional(z.string()),
  })

  const toolCall = z.object({ function: z.object({ name: z.string(), arguments: z.string() }) })

  const message = z.object({
    role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
    content: z.nullish(z.union([z.string(), z.array(part)])),
    tool_calls: z.optional(z.array(toolCall)),
  })

  const functionTool = z.object({
    type: z.literal('function'),
    function: z.object({
      name: z.string(),
      description: z.optional(z.string()),
      parameters: z.optional(z.record(z.string(), z.unknown())),
    }),
  })

  const responseFormat = z.object({
    type: z.enum(['text', 'json_object', 'json_schema']),
    json_schema: z.optional(z.object({ schema: z.optional(z.record(z.string(), z.unknown())) })),
  })

  const positive = z.nullish(z.int().check(z.gte(1)))

  return z.object({
    model: z.string(),
    messages: z.array(message).check(z.minLength(1)),
    tools: z.optional(z.array(functionTool)),
    tool_choice: z.optional(
      z.union([
        // `any` is Mistral's word for `required`.
        z.enum(['auto', 'none', 'required', 'any']),
        z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
      ]),
    ),
    parallel_tool_calls: z.nullish(z.boolean()),
    response_format: z.optional(responseFormat),
    reasoning_effort: z.nullish(z.string()),
    // Other servers' switches of thinking.
    thinking: z.optional(z.looseObject({ type: z.string() })),
    enable_thinking: z.optional(z.boolean()),
    reasoning: z.optional(z.looseObject({ effort: z.nullish(z.string()) })),
    max_tokens: positive,
    max_completion_tokens: positive,
    stop: z.nullish(z.union([z.string(), z.array(z.string())])),
    stream: z.nullish(z.boolean()),
    stream_options: z.nullish(z.object({ include_usage: z.optional(z.boolean()) })),
  })
})

/** A Chat Completions request, as far as the demo reads it. */
export type ChatRequest = z.infer<typeof chatRequest>

/** Converts a request to the demo model's input. */
export function toConversation(request: ChatRequest): Conversation {
  const schema = schemaOf(request)
  return {
    turns: request.messages.map(toTurn),
    tools: (request.tools ?? []).map(toTool),
    choice: choiceOf(request.tool_choice),
    isParallel: request.parallel_tool_calls !== false,
    ...(schema && { schema }),
  }
}

/** Reads the token limit, the stop sequences and whether thinking is on. */
export function toLimits(request: ChatRequest): Limits {
  return {
    thinking: doesThink(request),
    max: request.max_completion_tokens ?? request.max_tokens ?? Infinity,
    stop: [request.stop ?? []].flat().filter((stop) => stop !== ''),
  }
}

function doesThink(request: ChatRequest): boolean {
  const { thinking, enable_thinking: isEnabled = false, reasoning, reasoning_effort } = request
  const effort = reasoning_effort ?? reasoning?.effort ?? 'none'
  return thinking?.type === 'enabled' || isEnabled || (effort !== 'none' && thinking === undefined)
}

/** The text of a request whose prompt tokens are counted. */
export function promptText(request: ChatRequest): string {
  const calls = request.messages
    .flatMap((each) => each.tool_calls ?? [])
    .map((call) => `${call.function.name} ${call.function.arguments}`)
  const tools = (request.tools ?? []).map((tool) => JSON.stringify(tool.function))
  const texts = request.messages.map((each) => toTurn(each).text)
  const schema = schemaOf(request)
  const format = schema === undefined ? [] : [JSON.stringify(schema)]
  return [...format, ...tools, ...texts, ...calls].join('\n')
}

function toTurn({ role, content }: ChatRequest['messages'][number]): Turn {
  const parts = typeof content === 'string' ? [content] : (content ?? []).map(partText)
  return { role: role === 'developer' ? 'system' : role, text: parts.join('\n') }
}

/** The text of a part; images and files are described. */
function partText({ type, text, image_url: image, file, document_url: document }: Part): string {
  const data = image?.url ?? file?.file_data ?? document
  return text ?? describeAttachment(type.replace(/_url$/, ''), data)
}

interface Part {
  type: string
  text?: string | undefined
  image_url?: { url: string } | undefined
  file?: { file_data?: string | undefined } | undefined
  document_url?: string | undefined
}

function toTool(tool: NonNullable<ChatRequest['tools']>[number]): Tool {
  return { name: tool.function.name, schema: tool.function.parameters ?? {} }
}

function choiceOf(choice: ChatRequest['tool_choice']): Conversation['choice'] {
  if (typeof choice === 'object') {
    return { name: choice.function.name }
  }
  return choice === 'required' ? 'any' : (choice ?? 'auto')
}

function schemaOf({ response_format: format }: ChatRequest): Conversation['schema'] {
  if (format === undefined || format.type === 'text') {
    return undefined
  }
  return format.json_schema?.schema ?? { type: 'object' }
}
