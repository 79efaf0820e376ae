/** The official SDKs that are installed here, for where the drivers are not. */
import Anthropic from '@anthropic-ai/sdk'
import Anthropic0 from '@anthropic-ai/sdk-0'

import type { Target } from './target.ts'

const tools = [{ name: 'get_code', input_schema: { type: 'object' as const, properties: {} } }]
const question =
  'Use the get_code tool with this input: {"city":"Rome"}. Then reply with exactly what the tool returned and nothing else.'

export const sdks: Record<string, (target: Target) => Promise<void>> = {
  sdk: ({ url, key, model }) => converse(new Anthropic({ baseURL: url, apiKey: key }), model),
  'sdk-0': ({ url, key, model }) => {
    const client: unknown = new Anthropic0({ baseURL: url, apiKey: key })
    // What is called here is the same in both.
    return converse(client as Anthropic, model)
  },
}

/** Models, a count, and a tool round trip with a stream at its end. */
async function converse(client: Anthropic, model: string): Promise<void> {
  const user = { role: 'user' as const, content: question }
  const shared = { model, max_tokens: 256, tools }
  const page = await client.models.list()
  check(page.data.length > 0, 'no models')
  const { input_tokens } = await client.messages.countTokens({ model, tools, messages: [user] })
  check(input_tokens > 0, 'no count')
  const call = await client.messages.create({ ...shared, messages: [user] })
  const use = call.content.find((block) => block.type === 'tool_use')
  check(use !== undefined && JSON.stringify(use.input) === '{"city":"Rome"}', 'no tool call')
  const assistant = { role: 'assistant' as const, content: [use] }
  const result = { type: 'tool_result' as const, tool_use_id: use.id, content: 'CODE-ROME' }
  const stream = client.messages.stream({
    ...shared,
    messages: [user, assistant, { role: 'user', content: [result] }],
  })
  check((await stream.finalText()) === 'CODE-ROME', 'the result was not answered')
}

function check(condition: boolean, failure: string): asserts condition {
  if (!condition) {
    throw new Error(failure)
  }
}
