/**
 * Reasoning of recorded answers on its way back: sent to a client, returned by it, and sent to the
 * provider that it came from, in front of what came of it.
 */
import { describe, expect, test } from 'vitest'

import type { Message } from '../../src/anthropic/answer/wire/message.ts'
import { createReport } from '../../src/anthropic/report.ts'
import type { BoundDialect } from '../../src/dialects/dialect.ts'
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts'
import { loaded } from '../support/loaded.ts'
import { toNextRequest } from './support/next-request.ts'
import { receiveWhole } from './support/received.ts'
import type { Recording } from './support/recordings.ts'
import { loadRecordings, readRecording } from './support/recordings.ts'

interface Item {
  type: string
  encrypted_content?: string | null
  summary?: unknown
  content?: { text?: string }[]
}

/** What must come back: the state, and the kind of item that stands behind it. */
interface Thought {
  encrypted: string
  summary: unknown
  before: string | undefined
}

const answers = loadRecordings('openai-responses')
  .filter(({ shows }) => shows.includes('reasoning-encrypted'))
  .map((recording): [string, Recording, Thought[]] => [
    recording.file,
    recording,
    reasoningOf(readOutput(readRecording(recording))).filter(isProductive),
  ])

describe.skipIf(answers.length === 0)('the reasoning of a recorded Responses answer', () => {
  test.for(answers)(
    'the reasoning of a recorded Responses answer %s is returned as received',
    ([, recording, reasoning]) => {
      const { provider, model } = recording
      const target = { provider, model, limits: {}, takes: {} }
      const dialect = loaded(openaiResponses.bind(target, []))
      const { message } = receiveWhole(readRecording(recording), dialect)
      expect(reasoningOf(sayAgain(dialect, message))).toEqual(reasoning)
    },
  )

  test('most recorded Responses answers have reasoning', () => {
    expect(answers.filter(([, , reasoning]) => reasoning.length > 0).length).toBeGreaterThan(10)
  })
})

/** The items as they were when they were done. */
function readOutput(bytes: Uint8Array): Item[] {
  const text = new TextDecoder().decode(bytes)
  if (text.startsWith('{')) {
    return (JSON.parse(text) as { output: Item[] }).output
  }
  return text.split('\n').flatMap((line) => {
    const data = /^data: ?(\{.*)/.exec(line)?.[1]
    const event = JSON.parse(data ?? '{}') as { type?: string; item?: Item }
    return event.type === 'response.output_item.done' ? [event.item!] : []
  })
}

function reasoningOf(items: Item[]): Thought[] {
  return items.flatMap(({ type, encrypted_content, summary }, index) =>
    type === 'reasoning' && typeof encrypted_content === 'string'
      ? [{ encrypted: encrypted_content, summary: summary ?? [], before: kindOf(items[index + 1]) }]
      : [],
  )
}

/** A message of nothing is none. */
function kindOf(item: Item | undefined): string | undefined {
  const isBlank = Array.isArray(item?.content) && item.content.every(({ text }) => text === '')
  return item?.type === 'message' && isBlank ? undefined : item?.type
}

/** What the provider ran itself is not in the conversation, and neither is what led to it. */
function isProductive({ before }: Thought): boolean {
  return before === 'message' || before === 'function_call'
}

/** The items that go up when the client goes on after this answer. */
function sayAgain(dialect: BoundDialect, message: Message | undefined): Item[] {
  const { body } = dialect.toRequest(toNextRequest(message), { report: createReport() })
  return (body as { input: Item[] }).input
}
