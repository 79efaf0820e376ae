/** The lines by which each client uses the gateway. Pure. */

/** What the configurations of clients are written from. */
export interface Lines {
  /** The gateway's origin, without a trailing slash. */
  origin: string
  /** The key, or its placeholder. */
  key: string
  model: string
  /** The context window that Claude Code has to be given, where it differs from what it assumes. */
  contextTokens?: number | undefined
}

/** The configuration of one client, as text to copy. */
export interface ClientLines {
  id: string
  name: string
  text: string
  note?: string
}

/** The lines for all clients, the commonest first. */
export function clientLines(lines: Lines): ClientLines[] {
  return [...toOwnClients(lines), ...toLibraries(lines), toOther(lines)]
}

/** Anthropic's own clients, and curl. */
function toOwnClients({ origin, key, model, contextTokens }: Lines): ClientLines[] {
  return [
    {
      id: 'claude-code',
      name: 'Claude Code',
      text: [
        `export ANTHROPIC_BASE_URL=${origin}`,
        `export ANTHROPIC_AUTH_TOKEN=${key}`,
        ...(contextTokens === undefined
          ? []
          : [`export CLAUDE_CODE_MAX_CONTEXT_TOKENS=${contextTokens}`]),
        `claude --model ${model}`,
      ].join('\n'),
      note: 'Or put the variables under "env" in ~/.claude/settings.json.',
    },
    {
      id: 'curl',
      name: 'curl',
      text: `curl ${origin}/v1/messages \\
  -H 'x-api-key: ${key}' \\
  -H 'content-type: application/json' \\
  -d '{"model": "${model}", "max_tokens": 256, "messages": [{"role": "user", "content": "Hello"}]}'`,
    },
    {
      id: 'python',
      name: 'Python',
      text: `from anthropic import Anthropic

client = Anthropic(base_url="${origin}", api_key="${key}")
message = client.messages.create(
    model="${model}",
    max_tokens=256,
    messages=[{"role": "user", "content": "Hello"}],
)
print(message.content)`,
    },
    {
      id: 'typescript',
      name: 'TypeScript',
      text: `import Anthropic from '@anthropic-ai/sdk'

const client = new Anthropic({ baseURL: '${origin}', apiKey: '${key}' })
const message = await client.messages.create({
  model: '${model}',
  max_tokens: 256,
  messages: [{ role: 'user', content: 'Hello' }],
})
console.log(message.content)`,
    },
  ]
}

function toLibraries({ origin, key, model }: Lines): ClientLines[] {
  return [
    {
      id: 'agent-sdk',
      name: 'Agent SDK',
      text: `import { query } from '@anthropic-ai/claude-agent-sdk'

process.env.ANTHROPIC_BASE_URL = '${origin}'
process.env.ANTHROPIC_AUTH_TOKEN = '${key}'
for await (const event of query({ prompt: 'Hello', options: { model: '${model}' } })) {
  console.log(event)
}`,
    },
    {
      id: 'ai-sdk',
      name: 'AI SDK',
      text: `import { createAnthropic } from '@ai-sdk/anthropic'
import { generateText } from 'ai'

const gateway = createAnthropic({ baseURL: '${origin}/v1', apiKey: '${key}' })
const { text } = await generateText({ model: gateway('${model}'), prompt: 'Hello' })`,
    },
    {
      id: 'langchain',
      name: 'LangChain',
      text: `from langchain_anthropic import ChatAnthropic

model = ChatAnthropic(model="${model}", base_url="${origin}", api_key="${key}")
print(model.invoke("Hello").content)`,
    },
    {
      id: 'opencode',
      name: 'opencode',
      text: JSON.stringify(
        {
          provider: {
            anthropic: {
              options: { baseURL: `${origin}/v1`, apiKey: key },
              models: { [model]: {} },
            },
          },
          model: `anthropic/${model}`,
        },
        null,
        2,
      ),
      note: 'In opencode.json.',
    },
  ]
}

function toOther({ origin, key, model }: Lines): ClientLines {
  return {
    id: 'other',
    name: 'Others',
    text: `Base URL  ${origin}\nAPI key   ${key}\nModel     ${model}`,
    note: 'For a client with an Anthropic-compatible provider, such as Cline or Zed. Some want the base URL with /v1 at its end; both work.',
  }
}
