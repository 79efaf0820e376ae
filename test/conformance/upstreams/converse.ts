/** `Converse` over the scripted upstream: a request becomes a chat completion, and its answer a message of Bedrock's. */
import type { JsonObject } from '../../../src/anthropic/json.ts'
import { asArray, asObject, asString, parseJson } from '../../../src/anthropic/json.ts'
import { faultOf } from '../../../src/cli/conformance/upstream/faults.ts'
import type { ScriptedUpstream } from '../../../src/cli/conformance/upstream/scripted-upstream.ts'
import { eventFrame, exceptionFrame } from '../../support/streams/event-stream.ts'

/** Answers `/model/MODEL/converse` and `/model/MODEL/converse-stream`. */
export async function answerConverse(
  upstream: ScriptedUpstream,
  request: Request,
): Promise<Response> {
  const text = await request.text()
  const body = asObject(parseJson(text)) ?? {}
  const chat = await upstream.answer(
    new Request('http://up.test/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify(toChat(body)),
    }),
  )
  const fault = faultOf(text)
  const isStream = request.url.endsWith('converse-stream')
  if (!chat.ok || fault === 'garbage') {
    return toErrorResponse(chat)
  }
  const answer = asObject(await chat.json()) ?? {}
  return isStream ? toStream(answer, fault) : Response.json(toMessage(answer))
}

/** Bedrock's errors have a message and a type in a header. */
async function toErrorResponse(chat: Response): Promise<Response> {
  const { status } = chat
  if (status === 200) {
    return chat
  }
  const message = asString(asObject((asObject(await chat.json()) ?? {})['error'])?.['message'])
  const types: Record<number, string> = {
    400: 'ValidationException',
    401: 'UnrecognizedClientException',
    429: 'ThrottlingException',
    503: 'ServiceUnavailableException',
  }
  const type = types[status] ?? 'InternalServerException'
  const wording =
    message?.includes('maximum context length') === true
      ? 'Input is too long for requested model.'
      : message
  return Response.json(
    { message: wording },
    {
      status: status === 401 ? 403 : status,
      headers: {
        'x-amzn-errortype': type,
        ...(status === 429 && { 'retry-after': '7' }),
      },
    },
  )
}

function toChat(body: JsonObject): JsonObject {
  const config = asObject(body['inferenceConfig']) ?? {}
  const format = asObject(asObject(body['outputConfig'])?.['textFormat'])
  const schema = asObject(asObject(format?.['structure'])?.['jsonSchema'])?.['schema']
  const fields = JSON.stringify(body['additionalModelRequestFields'] ?? {})
  const isThinking = /"type":"(?:adaptive|enabled)"|"effort"/.test(fields)
  return {
    model: 'scripted',
    messages: [
      ...asArray(body['system']).flatMap((each) => toSystem(asObject(each) ?? {})),
      ...asArray(body['messages']).flatMap((each) => toMessages(asObject(each) ?? {})),
    ],
    max_tokens: config['maxTokens'],
    stop: config['stopSequences'],
    ...toTools(asObject(body['toolConfig']) ?? {}),
    ...(schema !== undefined && {
      response_format: {
        type: 'json_schema',
        json_schema: { schema: parseJson(asString(schema) ?? '') },
      },
    }),
    ...(isThinking && { reasoning_effort: 'medium' }),
  }
}

function toSystem({ text }: JsonObject): JsonObject[] {
  return text === undefined ? [] : [{ role: 'system', content: text }]
}

function toMessages({ role, content }: JsonObject): JsonObject[] {
  const blocks = asArray(content).map((each) => asObject(each) ?? {})
  const results = blocks.flatMap(({ toolResult }) => {
    const result = asObject(toolResult)
    const parts = asArray(result?.['content']).map((each) => toPart(asObject(each) ?? {}))
    return result === undefined ? [] : [{ role: 'tool', content: parts }]
  })
  const parts = blocks
    .filter((block) => ['text', 'image', 'document'].some((type) => block[type] !== undefined))
    .map(toPart)
  const calls = blocks.flatMap(({ toolUse }) => {
    const { name, input } = asObject(toolUse) ?? {}
    return name === undefined ? [] : [{ function: { name, arguments: JSON.stringify(input) } }]
  })
  const said = parts.length > 0 || calls.length > 0
  return [...results, ...(said ? [{ role, content: parts, tool_calls: calls }] : [])]
}

function toPart({ text, image, document, json }: JsonObject): JsonObject {
  const data = (media: unknown) => asString(asObject(asObject(media)?.['source'])?.['bytes']) ?? ''
  if (image !== undefined) {
    return { type: 'image_url', image_url: { url: data(image) } }
  }
  if (document !== undefined) {
    return { type: 'file', file: { file_data: data(document) } }
  }
  return { type: 'text', text: text ?? JSON.stringify(json) }
}

function toTools({ tools, toolChoice }: JsonObject): JsonObject {
  const offered = asArray(tools).flatMap((each) => {
    const spec = asObject(asObject(each)?.['toolSpec'])
    const parameters = asObject(spec?.['inputSchema'])?.['json']
    return spec === undefined
      ? []
      : [{ type: 'function', function: { name: spec['name'], parameters } }]
  })
  const choice = asObject(toolChoice) ?? {}
  const name = asObject(choice['tool'])?.['name']
  return {
    ...(offered.length > 0 && { tools: offered }),
    ...('any' in choice && { tool_choice: 'required' }),
    ...(name !== undefined && { tool_choice: { type: 'function', function: { name } } }),
  }
}

/** What a chat completion says, in Converse's fields. */
function toMessage(answer: JsonObject): JsonObject {
  const choice = asObject(asArray(answer['choices'])[0]) ?? {}
  const message = asObject(choice['message']) ?? {}
  const usage = asObject(answer['usage']) ?? {}
  const cached = Number(asObject(usage['prompt_tokens_details'])?.['cached_tokens'])
  const calls = asArray(message['tool_calls']).map((each, at) => {
    const call = asObject(asObject(each)?.['function'])
    const input = parseJson(asString(call?.['arguments']) ?? '') ?? {}
    return {
      toolUse: { toolUseId: `tooluse_${crypto.randomUUID()}_${at}`, name: call?.['name'], input },
    }
  })
  const thinking = message['reasoning_content']
  const content = [
    ...(thinking === undefined
      ? []
      : [{ reasoningContent: { reasoningText: { text: thinking, signature: 'c2ln' } } }]),
    ...(asString(message['content']) ? [{ text: message['content'] }] : []),
    ...calls,
  ]
  return {
    output: { message: { role: 'assistant', content } },
    stopReason: toStopReason(choice),
    ...(choice['stop_reason'] !== undefined && {
      additionalModelResponseFields: { stop_sequence: choice['stop_reason'] },
    }),
    usage: {
      inputTokens: Number(usage['prompt_tokens']) - cached,
      outputTokens: usage['completion_tokens'],
      cacheReadInputTokens: cached,
      cacheWriteInputTokens: 0,
    },
  }
}

function toStopReason({ finish_reason: finish, stop_reason: sequence }: JsonObject): string {
  if (finish === 'length') {
    return 'max_tokens'
  }
  return finish === 'tool_calls'
    ? 'tool_use'
    : sequence === undefined
      ? 'end_turn'
      : 'stop_sequence'
}

function toStream(answer: JsonObject, fault: ReturnType<typeof faultOf>): Response {
  const message = toMessage(answer)
  const { output, usage, ...stop } = message
  const blocks = asArray(asObject(asObject(output)?.['message'])?.['content'])
  const frames = [
    eventFrame('messageStart', { role: 'assistant' }),
    ...blocks.flatMap((block, at) => toFrames(asObject(block) ?? {}, at)),
    eventFrame('messageStop', stop),
    eventFrame('metadata', { usage }),
  ]
  const kept = fault === undefined ? frames.length : fault === 'cut-before-content' ? 1 : 3
  const pieces = frames.slice(0, kept)
  if (fault === 'error-within-stream') {
    pieces.push(exceptionFrame('serviceUnavailableException', 'The server is overloaded.'))
  }
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.shift()
      if (piece !== undefined) {
        controller.enqueue(piece)
      } else if (fault?.startsWith('cut') === true) {
        controller.error(new Error('The connection is cut.'))
      } else {
        controller.close()
      }
    },
  })
  return new Response(body, { headers: { 'content-type': 'application/vnd.amazon.eventstream' } })
}

function toFrames(block: JsonObject, contentBlockIndex: number): Uint8Array[] {
  const delta = (value: object) =>
    eventFrame('contentBlockDelta', { contentBlockIndex, delta: value })
  const end = eventFrame('contentBlockStop', { contentBlockIndex })
  const { text, toolUse, reasoningContent } = block
  const call = asObject(toolUse)
  if (call !== undefined) {
    const { input, ...head } = call
    const start = { contentBlockIndex, start: { toolUse: head } }
    return [
      eventFrame('contentBlockStart', start),
      ...split(JSON.stringify(input)).map((piece) => delta({ toolUse: { input: piece } })),
      end,
    ]
  }
  const reasoning = asObject(asObject(reasoningContent)?.['reasoningText'])
  if (reasoning !== undefined) {
    return [
      delta({ reasoningContent: { text: reasoning['text'] } }),
      delta({ reasoningContent: { signature: reasoning['signature'] } }),
      end,
    ]
  }
  return [...split(asString(text) ?? '').map((piece) => delta({ text: piece })), end]
}

function split(text: string): string[] {
  return text.match(/[^]{1,12}/gu) ?? []
}
