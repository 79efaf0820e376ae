/** The demo's Gemini endpoints: `generateContent`, `streamGenerateContent` and `countTokens`. */
import * as z from 'zod/mini'

import { parseJson } from '../../anthropic/json.ts'
import { lazySchema } from '../../platform/lazy-schema.ts'
import { estimateText } from '../../tokens/estimate.ts'
import { answerValid, errorResponse, toStream } from '../http-response.ts'
import type { DemoEvent } from '../http-response.ts'
import { answer } from '../model/demo-model.ts'
import type { Conversation, Turn } from '../model/demo-model.ts'
import { describeAttachment } from './attachment.ts'
import type { Output } from './output.ts'
import { splitIntoDeltas, toOutput } from './output.ts'

/** The schema of the body, built at the first request. */
const geminiRequest = lazySchema(() => {
  const inlineData = z.optional(
    z.looseObject({ mimeType: z.string(), data: z.optional(z.string()) }),
  )
  const part = z.looseObject({
    text: z.optional(z.string()),
    functionResponse: z.optional(
      z.object({
        response: z.record(z.string(), z.unknown()),
        parts: z.optional(z.array(z.looseObject({ inlineData }))),
      }),
    ),
    inlineData,
  })

  return z.object({
    systemInstruction: z.optional(z.object({ parts: z.array(part) })),
    contents: z.array(z.object({ role: z.enum(['user', 'model']), parts: z.array(part) })),
    tools: z.optional(
      z.array(
        z.object({
          functionDeclarations: z.array(
            z.object({
              name: z.string(),
              parameters: z.optional(z.record(z.string(), z.unknown())),
              parametersJsonSchema: z.optional(z.record(z.string(), z.unknown())),
            }),
          ),
        }),
      ),
    ),
    toolConfig: z.optional(
      z.object({
        functionCallingConfig: z.object({
          mode: z.enum(['AUTO', 'ANY', 'NONE', 'VALIDATED']),
          allowedFunctionNames: z.optional(z.array(z.string())),
        }),
      }),
    ),
    generationConfig: z.optional(
      z.looseObject({
        maxOutputTokens: z.optional(z.int()),
        stopSequences: z.optional(z.array(z.string())),
        responseMimeType: z.optional(z.string()),
        responseSchema: z.optional(z.record(z.string(), z.unknown())),
        responseJsonSchema: z.optional(z.record(z.string(), z.unknown())),
        thinkingConfig: z.optional(z.looseObject({ includeThoughts: z.optional(z.boolean()) })),
      }),
    ),
  })
})
type GeminiRequest = z.infer<typeof geminiRequest>

/** Answers a method; `call` is `MODEL:METHOD`, the last segment of the path. */
export function answerGemini(call: string, body: unknown): Response {
  return answerValid(geminiRequest, body, (request) => answerMethod(call, request))
}

function answerMethod(call: string, request: GeminiRequest): Response {
  const conversation = toConversation(request)
  const promptTokens = estimateText(conversation.turns.map(({ text }) => text).join('\n'))
  const { generationConfig: config } = request
  const output = toOutput(answer(conversation), {
    thinking: config?.thinkingConfig?.includeThoughts === true,
    max: config?.maxOutputTokens ?? Infinity,
    stop: config?.stopSequences ?? [],
  })
  switch (call.slice(call.lastIndexOf(':') + 1)) {
    case 'generateContent':
      return Response.json(toReply([...toParts(output, false)], output, promptTokens))
    case 'streamGenerateContent':
      return toStream(toEvents(output, promptTokens))
    case 'countTokens':
      return Response.json({ totalTokens: promptTokens })
    default:
      return errorResponse(404, `Unknown method: ${call}.`)
  }
}

function toConversation(request: GeminiRequest): Conversation {
  const system = request.systemInstruction?.parts ?? []
  const config = request.generationConfig
  const schema = config?.responseJsonSchema ?? config?.responseSchema
  return {
    turns: [
      ...(system.length === 0 ? [] : [{ role: 'system' as const, text: toText(system) }]),
      ...request.contents.flatMap(toTurns),
    ],
    tools: (request.tools ?? []).flatMap(({ functionDeclarations }) =>
      functionDeclarations.map(({ name, parameters, parametersJsonSchema }) => ({
        name,
        schema: parametersJsonSchema ?? parameters ?? {},
      })),
    ),
    choice: toChoice(request),
    isParallel: true,
    ...(config?.responseMimeType === 'application/json'
      ? { schema: schema ?? { type: 'object' } }
      : {}),
  }
}

function toTurns({ role, parts }: GeminiRequest['contents'][number]): Turn[] {
  const results = parts.flatMap(({ functionResponse }): Turn[] => {
    if (functionResponse === undefined) {
      return []
    }
    const { response, parts: media = [] } = functionResponse
    const output = response['output'] ?? response['error'] ?? response
    const outputText = typeof output === 'string' ? output : JSON.stringify(output)
    return [
      { role: 'tool', text: [outputText, toText(media)].filter((each) => each !== '').join('\n') },
    ]
  })
  const text = toText(parts.filter(({ functionResponse }) => functionResponse === undefined))
  const speaker = role === 'model' ? 'assistant' : 'user'
  return [...results, ...(text === '' ? [] : [{ role: speaker as Turn['role'], text }])]
}

interface Part {
  text?: string | undefined
  inlineData?: { mimeType: string; data?: string | undefined } | undefined
}

/** The text of parts; images and files are described. */
function toText(parts: readonly Part[]): string {
  return parts
    .map(({ text, inlineData }) => {
      return text ?? (inlineData ? describeAttachment(inlineData.mimeType, inlineData.data) : '')
    })
    .filter((text) => text !== '')
    .join('\n')
}

function toChoice({ toolConfig }: GeminiRequest): Conversation['choice'] {
  const { mode, allowedFunctionNames } = toolConfig?.functionCallingConfig ?? {}
  const name = allowedFunctionNames?.length === 1 ? allowedFunctionNames[0] : undefined
  switch (mode) {
    case 'ANY':
      return name === undefined ? 'any' : { name }
    case 'NONE':
      return 'none'
    case 'AUTO':
    case 'VALIDATED':
    case undefined:
      return 'auto'
  }
}

function* toParts({ thinking, text, calls }: Output, inDeltas: boolean): Generator<object> {
  const cut = (content: string): string[] =>
    inDeltas ? splitIntoDeltas(content) : [content].filter((each) => each !== '')
  for (const piece of cut(thinking)) {
    yield { text: piece, thought: true }
  }
  for (const piece of cut(text)) {
    yield { text: piece }
  }
  for (const [at, call] of calls.entries()) {
    // Truncated arguments are not JSON, and this protocol has no partial calls.
    const args = parseJson(call.arguments) ?? {}
    // Of parallel calls the first is signed (https://ai.google.dev/gemini-api/docs/thought-signatures).
    yield {
      functionCall: { name: call.name, args },
      ...(at === 0 && { thoughtSignature: 'ZGVtbw==' }),
    }
  }
}

function* toEvents(output: Output, promptTokens: number): Generator<DemoEvent> {
  for (const each of toParts(output, true)) {
    yield { data: JSON.stringify({ candidates: [{ index: 0, content: toContent([each]) }] }) }
  }
  yield { data: JSON.stringify(toReply([], output, promptTokens)) }
}

function toReply(parts: object[], { finish, tokens }: Output, promptTokens: number): object {
  return {
    candidates: [
      {
        index: 0,
        content: toContent(parts),
        finishReason: finish === 'length' ? 'MAX_TOKENS' : 'STOP',
      },
    ],
    usageMetadata: {
      promptTokenCount: promptTokens,
      candidatesTokenCount: tokens.output - tokens.thinking,
      thoughtsTokenCount: tokens.thinking,
      totalTokenCount: promptTokens + tokens.output,
    },
  }
}

function toContent(parts: object[]): object {
  return { role: 'model', parts }
}
