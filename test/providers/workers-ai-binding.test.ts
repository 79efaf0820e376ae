import { describe, expect, test } from 'vitest'

import { runOnBinding } from '../../src/providers/workers-ai-binding.ts'

const chat = { model: '@cf/a/b', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 5 }

function ask(headers: Record<string, string> = {}): Request {
  const body = JSON.stringify(chat)
  return new Request('http://here.invalid/chat/completions', { method: 'POST', body, headers })
}

function bind(run: (...asked: unknown[]) => unknown) {
  return (name: string) => (name === 'AI' ? { run } : undefined)
}

describe('the Workers AI binding', () => {
  test('the Workers AI binding is called with the model and its inputs, and returns the raw response', async () => {
    const asked: unknown[] = []
    const answer = new Response('data: {}\n\n')
    const run = async (...all: unknown[]): Promise<Response> => {
      asked.push(...all)
      return answer
    }
    const { model, ...inputs } = chat
    expect(await runOnBinding(ask({ 'x-session-affinity': 's1' }), bind(run))).toBe(answer)
    expect(asked).toEqual([
      model,
      inputs,
      { returnRawResponse: true, extraHeaders: { 'x-session-affinity': 's1' } },
    ])
  })

  test('the Workers AI binding may return an object', async () => {
    const response = await runOnBinding(
      ask(),
      bind(async () => ({ response: 'Hi' })),
    )
    expect(await response.json()).toEqual({ response: 'Hi' })
  })

  test('the Workers AI binding may return a stream', async () => {
    const stream = new Blob(['data: [DONE]\n\n']).stream()
    const response = await runOnBinding(
      ask(),
      bind(async () => stream),
    )
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(await response.text()).toBe('data: [DONE]\n\n')
  })

  test.each([
    [
      '3040: Capacity temporarily exceeded.',
      { code: 3040, message: 'Capacity temporarily exceeded.' },
    ],
    ['AiError: 5006: No.', { code: 5006, message: 'No.' }],
    ['It broke.', { message: 'It broke.' }],
  ])(
    'the Workers AI binding that throws %s is a response with that error',
    async (message, error) => {
      const run = async (): Promise<never> => {
        throw new Error(message)
      }
      const response = await runOnBinding(ask(), bind(run))
      expect(response.status).toBe(500)
      expect(await response.json()).toEqual({ success: false, errors: [error] })
    },
  )

  test.each([() => undefined, () => 'AI', () => ({})])(
    'a missing Workers AI binding is a configuration error: %#',
    async (binding) => {
      await expect(runOnBinding(ask(), binding)).rejects.toMatchObject({
        failure: {
          kind: 'misconfigured',
          message: expect.stringMatching(/^Workers AI binding AI is missing: .*needs an account$/),
        },
      })
    },
  )
})
