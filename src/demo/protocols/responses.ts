/** The demo's Responses endpoint. */
import * as z from 'zod/mini'

import { lazySchema } from '../../platform/lazy-schema.ts'
import { estimateText } from '../../tokens/estimate.ts'
import { answerValid, newId, toStream } from '../http-response.ts'
import { answer } from '../model/demo-model.ts'
import type { Conversation, Turn } from '../model/demo-model.ts'
import { describeAttachment } from './attachment.ts'
import type { Limits } from './output.ts'
import { toOutput } from './output.ts'
import { toResponse, toResponseEvents } from './responses-events.ts'

/** The schema of the body, built at the first request. */
const responsesRequest = lazySchema(() => {
  const fields = z.record(z.string(), z.unknown())
  const part = z.looseObject({
    type: z.string(),
    text: z.optional(z.string()),
    image_url: z.nullish(z.string()),
    file_data: z.optional(z.string()),
  })
  const content = z.union([z.string(), z.array(part)])

  const item = z.looseObject({
    type: z.optional(z.string()),
    role: z.optional(z.enum(['system', 'developer', 'user', 'assistant'])),
    content: z.optional(content),
    output: z.optional(content),
    name: z.optional(z.string()),
    arguments: z.optional(z.string()),
  })

  return z.object({
    model: z.string(),
    input: z.union([z.string(), z.array(item)]),
    instructions: z.nullish(z.string()),
    tools: z.optional(
      z.array(
        z.object({
          type: z.literal('function'),
          name: z.string(),
          parameters: z.optional(fields),
        }),
      ),
    ),
    tool_choice: z.optional(
      z.union([
        z.enum(['auto', 'none', 'required']),
        z.object({ type: z.literal('function'), name: z.string() }),
      ]),
    ),
    parallel_tool_calls: z.nullish(z.boolean()),
    text: z.optional(
      z.object({
        format: z.optional(z.object({ type: z.string(), schema: z.optional(fields) })),
      }),
    ),
    reasoning: z.nullish(z.object({ effort: z.nullish(z.string()) })),
    max_output_tokens: z.nullish(z.int().check(z.gte(1))),
    stream: z.nullish(z.boolean()),
  })
})
type ResponsesRequest = z.infer<typeof responsesRequest>

/** Answers `POST /v1/responses`. */
export function answerResponses(body: unknown): Response {
  return answerValid(responsesRequest, body, answerRequest)
}

function answerRequest(request: ResponsesRequest): Response {
  const conversation = toConversation(request)
  const reply = {
    id: newId('resp_'),
    model: request.model,
    created: Math.floor(Date.now() / 1000),
    output: toOutput(answer(conversation), toLimits(request)),
    promptTokens: estimateText(promptText(request, conversation)),
    newId,
  }
  return request.stream === true
    ? toStream(toResponseEvents(reply))
    : Response.json(toResponse(reply))
}

function toConversation(request: ResponsesRequest): Conversation {
  const format = request.text?.format
  return {
    turns: [...toTurns(request.instructions ?? '', 'system'), ...inputTurns(request)],
    tools: (request.tools ?? []).map(({ name, parameters }) => ({
      name,
      schema: parameters ?? {},
    })),
    choice: toChoice(request.tool_choice),
    isParallel: request.parallel_tool_calls !== false,
    ...(format === undefined || format.type === 'text'
      ? {}
      : { schema: format.schema ?? { type: 'object' } }),
  }
}

function inputTurns({ input }: ResponsesRequest): Turn[] {
  if (typeof input === 'string') {
    return toTurns(input, 'user')
  }
  return input.flatMap((each) => {
    if (each.type === 'function_call_output') {
      return toTurns(toText(each.output), 'tool')
    }
    if (each.role === undefined) {
      return []
    }
    return toTurns(toText(each.content), each.role === 'developer' ? 'system' : each.role)
  })
}

function toTurns(text: string, role: Turn['role']): Turn[] {
  return text === '' ? [] : [{ role, text }]
}

/** The text of a content; images and files are described. */
function toText(value: Exclude<ResponsesRequest['input'], string>[number]['content']): string {
  if (value === undefined || typeof value === 'string') {
    return value ?? ''
  }
  return value
    .map(({ type, text, image_url: image, file_data: file }) => {
      return text ?? describeAttachment(type.replace(/^input_/, ''), image ?? file)
    })
    .join('\n')
}

function toChoice(choice: ResponsesRequest['tool_choice']): Conversation['choice'] {
  if (typeof choice === 'object') {
    return { name: choice.name }
  }
  return choice === 'required' ? 'any' : (choice ?? 'auto')
}

function toLimits({ reasoning, max_output_tokens: max }: ResponsesRequest): Limits {
  return { thinking: (reasoning?.effort ?? 'none') !== 'none', max: max ?? Infinity, stop: [] }
}

function promptText({ tools }: ResponsesRequest, { turns }: Conversation): string {
  return [
    ...(tools ?? []).map((tool) => JSON.stringify(tool)),
    ...turns.map(({ text }) => text),
  ].join('\n')
}
