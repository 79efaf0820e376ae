import { describe, expect, test } from 'vitest'

import { clientLines } from '../../src/console/client-lines.ts'
import { toProgram } from '../../src/console/client/playground/copy-as.ts'
import { readEvents } from '../../src/console/client/playground/read-events.ts'

describe('the playground', () => {
  test('the playground reads events wherever the stream is cut', async () => {
    const bytes = new TextEncoder().encode('event: a\ndata: {"é":1}\n\nevent: b\ndata: 2\n\n')
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start(controller) {
          controller.enqueue(bytes.slice(0, cut))
          controller.enqueue(bytes.slice(cut))
          controller.close()
        },
      })
      const data: string[] = []
      for await (const event of readEvents(body)) {
        data.push(event.data)
      }
      expect(data).toEqual(['{"é":1}', '2'])
    }
  })

  test('the playground copies a request as programs without the key, whatever the prompt contains', () => {
    const body = { model: 'm', stream: true, messages: [{ role: 'user', content: `it's "\\n` }] }
    const curl = toProgram('curl', 'https://gateway.test', body)
    expect(curl).toContain(`it'\\''s`)
    expect(curl).toContain('$ANTHROPIC_API_KEY')
    expect(toProgram('typescript', 'https://gateway.test', body)).not.toContain('stream')
    expect(toProgram('python', 'https://gateway.test', body)).toContain('json.loads("{')
  })
})

test('every client gets the origin, the key and the model', () => {
  const lines = clientLines({ origin: 'https://gateway.test', key: 'gw-key', model: 'm-1' })
  for (const { text } of lines) {
    expect(text).toContain('https://gateway.test')
    expect(text).toContain('gw-key')
    expect(text).toContain('m-1')
  }
  const [claudeCode] = clientLines({ origin: '', key: '', model: '', contextTokens: 64_000 })
  expect(claudeCode?.text).toContain('CLAUDE_CODE_MAX_CONTEXT_TOKENS=64000')
})
