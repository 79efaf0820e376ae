/** Anthropic's own protocol: a second instance of the gateway, over the scripted upstream. */
import type { JsonObject } from '../../../src/anthropic/json.ts'
import { asArray, asObject, asString, parseJson } from '../../../src/anthropic/json.ts'
import type { ScriptedUpstream } from '../../../src/cli/conformance/upstream/scripted-upstream.ts'
import { toBase64 } from '../../../src/platform/bytes.ts'
import { createHarness } from '../../support/app.ts'
import { eventFrame } from '../../support/streams/event-stream.ts'
import { answerWeb } from './web.ts'

const model = 'claude-scripted'

/** Answers `/v1/messages`, `/v1/messages/count_tokens`, and the paths of hosts that wrap them. */
export async function createAnthropic(
  upstream: ScriptedUpstream,
): Promise<(request: Request) => Promise<Response>> {
  const harness = await createHarness({
    upstream: (request) =>
      new URL(request.url).hostname === 'scripted.test'
        ? upstream.answer(request)
        : answerWeb(request),
    catalog: {
      version: 1,
      providers: {
        scripted: {
          dialect: 'openai-chat',
          base_url: 'http://scripted.test/v1',
          secret: null,
          quirks: {
            mid_system: 'inline',
            prefill: 'native',
            efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
          },
        },
      },
      models: [
        {
          id: model,
          targets: [{ provider: 'scripted', model: 'scripted' }],
          server_tools: { web_search: { back_end: 'demo' }, web_fetch: { back_end: 'demo' } },
        },
      ],
    },
  })
  return async (request) => {
    const { pathname } = new URL(request.url)
    const body = asObject(parseJson(await request.text())) ?? {}
    const isFramed = pathname.endsWith('/invoke-with-response-stream')
    const isStream = isFramed || pathname.endsWith(':streamRawPredict') || body['stream'] === true
    const isCount = /\/count_tokens$|\/count-tokens:rawPredict$/.test(pathname)
    const refusal = refusalOf(body)
    if (refusal !== undefined) {
      const error = { type: 'invalid_request_error', message: refusal }
      return Response.json({ type: 'error', error, request_id: 'req_up' }, { status: 400 })
    }
    const { anthropic_version: _, anthropic_beta: betas, ...fields } = body
    const response = await harness.request(`/v1/messages${isCount ? '/count_tokens' : ''}`, {
      json: { ...fields, model, ...(isStream && { stream: true }) },
      headers: { 'anthropic-version': '2023-06-01', 'anthropic-beta': asArray(betas).join(',') },
    })
    return isFramed && response.ok ? toFrames(response) : response
  }
}

/** What Anthropic refuses and the gateway repairs for models of others, in Anthropic's words. */
function refusalOf({ messages }: JsonObject): string | undefined {
  const blocks = asArray(messages).flatMap((message, at) =>
    asArray(asObject(message)?.['content']).map((each, index): [string, JsonObject] => [
      `messages.${at}.content.${index}`,
      asObject(each) ?? {},
    ]),
  )
  const calls = new Set(blocks.map(([, { type, id }]) => (type === 'tool_use' ? id : undefined)))
  for (const [path, { type, tool_use_id: id }] of blocks) {
    if (type === 'hologram') {
      return `${path}: Input tag 'hologram' found using 'type' does not match any of the expected tags`
    }
    if (type === 'tool_result' && !calls.has(id)) {
      return `${path}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${asString(id)}.`
    }
  }
  return undefined
}

/** Wraps events in AWS's frames. A broken stream stays one. */
async function toFrames(response: Response): Promise<Response> {
  const text = await response.text()
  const frames = [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) =>
    eventFrame('chunk', { bytes: toBase64(new TextEncoder().encode(data)) }),
  )
  return new Response(new Blob(frames), {
    headers: { 'content-type': 'application/vnd.amazon.eventstream' },
  })
}
