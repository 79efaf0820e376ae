/** Tests a gateway with the official SDK, as its clients use it. */
import Anthropic from '@anthropic-ai/sdk'

import { UserError } from '../platform/run-command.ts'

/** The gateway to test, a key of it, and a model, or undefined for one of its list. */
export interface SmokeTest {
  /** The origin of the gateway. */
  url: string
  key: string
  /** The model to use; the first one that is listed if undefined. */
  model: string | undefined
}

/** One check; returns a summary, or throws. */
type Check = (client: Anthropic, model: string) => Promise<string>

const word = 'PINEAPPLE'

const prompt = {
  max_tokens: 2000,
  messages: [{ role: 'user' as const, content: `Reply with exactly: ${word}` }],
}

const checks: Record<string, Check> = {
  'count tokens': countTokens,
  text: answerText,
  stream: streamText,
  'tool round trip': useTool,
}

/** Runs all checks, and prints a line for each. Throws a UserError if one fails. */
export async function runSmokeTest({ url, key, model: requested }: SmokeTest): Promise<void> {
  const client = new Anthropic({
    baseURL: url,
    apiKey: key,
    maxRetries: 1,
    timeout: 120_000,
  })
  const listed: string[] = []
  const listing = await attempt('models', async () => {
    for await (const { id } of client.models.list()) {
      listed.push(id)
    }
    return `${listed.length} listed`
  })
  const model = requested ?? listed[0]
  if (model === undefined) {
    throw new UserError(
      listing ? 'The gateway lists no models; choose one with --model.' : failed(url),
    )
  }
  let passed = listing
  for (const [name, check] of Object.entries(checks)) {
    passed = (await attempt(name, () => check(client, model))) && passed
  }
  if (!passed) {
    throw new UserError(`${failed(url)} Model: ${model}.`)
  }
  console.log(`${url} passed all checks. Model: ${model}.`)
}

function failed(url: string): string {
  return `${url} failed some checks.`
}

/** Runs a check, prints its result, and returns whether it passed. */
async function attempt(name: string, action: () => Promise<string>): Promise<boolean> {
  const startedAt = performance.now()
  try {
    const summary = await action()
    console.log(
      `ok    ${name.padEnd(16)} ${Math.round(performance.now() - startedAt)} ms, ${summary}`,
    )
    return true
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    console.log(`FAIL  ${name.padEnd(16)} ${reason}`)
    return false
  }
}

async function countTokens(client: Anthropic, model: string): Promise<string> {
  const { messages } = prompt
  const { input_tokens: count } = await client.messages.countTokens({ model, messages })
  expect(count > 0, 'no tokens were counted')
  return `${count} tokens`
}

async function answerText(client: Anthropic, model: string): Promise<string> {
  const message = await client.messages.create({ model, ...prompt })
  expect(textOf(message).includes(word), `the answer was ${JSON.stringify(textOf(message))}`)
  expect(message.usage.output_tokens > 0, 'no output tokens were counted')
  return `${message.usage.input_tokens} + ${message.usage.output_tokens} tokens`
}

async function streamText(client: Anthropic, model: string): Promise<string> {
  let events = 0
  const stream = client.messages.stream({ model, ...prompt }).on('streamEvent', () => {
    events += 1
  })
  const message = await stream.finalMessage()
  expect(textOf(message).includes(word), `the answer was ${JSON.stringify(textOf(message))}`)
  expect(message.stop_reason === 'end_turn', `the stop reason was ${message.stop_reason}`)
  return `${events} events`
}

async function useTool(client: Anthropic, model: string): Promise<string> {
  const tools: Anthropic.Tool[] = [
    {
      name: 'look_up',
      description: 'Looks up the secret word of a drawer.',
      input_schema: {
        type: 'object',
        properties: { drawer: { type: 'string' } },
        required: ['drawer'],
      },
    },
  ]
  const input = { drawer: 'left' }
  const messages: Anthropic.MessageParam[] = [
    {
      role: 'user',
      content: `Use the look_up tool with this input: ${JSON.stringify(input)}. Then reply with exactly what the tool returned and nothing else.`,
    },
  ]
  const answer = await client.messages.create({ model, max_tokens: 2000, tools, messages })
  const call = answer.content.find((block) => block.type === 'tool_use')
  expect(call !== undefined, `no tool was called; the answer was ${JSON.stringify(textOf(answer))}`)
  expect(answer.stop_reason === 'tool_use', `the stop reason was ${answer.stop_reason}`)
  expect(
    JSON.stringify(call.input) === JSON.stringify(input),
    `the tool input was ${JSON.stringify(call.input)}`,
  )
  messages.push(
    { role: 'assistant', content: answer.content },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: word }] },
  )
  const answered = await client.messages.create({ model, max_tokens: 2000, tools, messages })
  expect(textOf(answered).includes(word), `the answer was ${JSON.stringify(textOf(answered))}`)
  return 'tool called and its result used'
}

function textOf({ content }: Anthropic.Message): string {
  return content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('')
}

function expect(condition: boolean, otherwise: string): asserts condition {
  if (!condition) {
    throw new UserError(otherwise)
  }
}
