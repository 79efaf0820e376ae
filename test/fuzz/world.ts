/** The gateway in this process, with a provider of each preset, and an upstream that answers as it was decided. */
import { presets } from '../../src/providers/index.ts'
import { createHarness } from '../support/app.ts'
import { answer } from './answers.ts'
import type { Answer, Protocol } from './answers.ts'
import type { Choices } from './choices.ts'
import { conversation } from './conversations.ts'

/** What is sent, and what the upstream answers. */
export interface Exchange {
  model: string
  body: string
  answer: Answer
}

export interface Result {
  status: number
  /** CPU milliseconds of this thread, so without most of the garbage collector's. */
  ms: number
  /** What must never happen: a bug of the gateway's own. */
  bug: string | undefined
}

const models = [
  'up',
  'gpt-5.4',
  'claude-sonnet-4-5',
  'gemini-3-pro',
  'gemini-2.5-flash',
  'kimi-k2',
  'deepseek-reasoner',
  'qwen3',
  'gpt-oss-120b',
  'magistral',
  'minimax-m2',
] as const

/** Presets whose requests go over the network, and so to the scripted upstream; and the demo, which answers itself. */
const names = Object.entries(presets)
  .filter(([name, { fetch }]) => fetch === undefined || name.startsWith('demo'))
  .map(([name]) => name)

const catalog = {
  version: 1,
  providers: Object.fromEntries(
    names.map((name) => [
      name,
      name.startsWith('demo')
        ? { preset: name }
        : { preset: name, base_url: 'http://up.test/v1', secret: null, auth: 'none' },
    ]),
  ),
  models: names.map((name) => ({ id: `${name}/*`, targets: [{ provider: name, model: '*' }] })),
}

/** An exchange of that size, of those choices. */
export function makeExchange(choices: Choices, size: number): Exchange {
  const preset = choices.one(names)
  const model = `${preset}/${choices.one(models)}`
  const growsAbove = choices.chance(2)
  const body = conversation(choices, growsAbove ? size : 2, model)
  return {
    model,
    body: JSON.stringify(body),
    answer: answer(choices, growsAbove ? 2 : size, toProtocol(preset)),
  }
}

/** What a stub of that preset speaks. */
function toProtocol(preset: string): Protocol {
  const { dialect } = presets[preset as keyof typeof presets]
  switch (dialect.name) {
    case 'openai-responses':
      return 'responses'
    case 'gemini':
      return 'gemini'
    case 'bedrock':
      return 'bedrock'
    case 'anthropic':
      return 'anthropic'
    default:
      return 'chat'
  }
}

/** Sends exchanges through the gateway. */
export async function createWorld(): Promise<(exchange: Exchange) => Promise<Result>> {
  let next: Answer = { status: 503, headers: {}, body: [] }
  const { request, lines, sent, settled } = await createHarness({
    catalog,
    upstream: () => {
      const { status, headers, body } = next
      const pieces = [...body]
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          const piece = pieces.shift()
          if (piece === undefined) {
            controller.close()
          } else {
            controller.enqueue(piece)
          }
        },
      })
      return new Response(stream, { status, headers })
    },
  })
  return async ({ body, answer: scripted }) => {
    next = scripted
    sent.length = 0
    lines.length = 0
    const before = process.threadCpuUsage()
    const response = await request('/v1/messages', { method: 'POST', body })
    const text = await response.text()
    await settled()
    const { user, system } = process.threadCpuUsage(before)
    return {
      status: response.status,
      ms: (user + system) / 1000,
      bug: bugOf(response, text, lines),
    }
  }
}

function bugOf({ status }: Response, text: string, lines: readonly object[]): string | undefined {
  const logged = lines.find((line) => 'bug' in line && line.bug !== undefined)
  if (logged !== undefined) {
    return JSON.stringify(logged).slice(0, 2000)
  }
  return status === 500 && text.includes('internal') ? text.slice(0, 300) : undefined
}
