/**
 * Reasoning of recorded answers on its way back: sent to a client, returned by it, and sent to the
 * provider that it came from.
 */
import { describe, expect, test } from 'vitest'

import type { Message } from '../../src/anthropic/answer/wire/message.ts'
import { asArray, asString, isObject } from '../../src/anthropic/json.ts'
import type { JsonObject } from '../../src/anthropic/json.ts'
import { createReport } from '../../src/anthropic/report.ts'
import type { BoundDialect } from '../../src/dialects/dialect.ts'
import { openaiChat } from '../../src/dialects/openai-chat/index.ts'
import { loaded } from '../support/loaded.ts'
import { toNextRequest } from './support/next-request.ts'
import { receiveWhole } from './support/received.ts'
import { loadRecordings, readRecording } from './support/recordings.ts'

const fields = ['reasoning_details', 'reasoning_content', 'reasoning', 'extra_content'] as const

const answers = loadRecordings('openai-chat')
  .filter(({ kind }) => kind === 'json')
  .map((recording) => ({ recording, said: readMessage(readRecording(recording)) }))
  .filter(({ said }) => fields.some((field) => said[field]) && speaks(said))
  .map(({ recording, said }): [string, JsonObject, Uint8Array] => [
    recording.file,
    said,
    readRecording(recording),
  ])

describe.skipIf(answers.length === 0)('the reasoning of a recorded chat answer', () => {
  test.for(answers)(
    'the reasoning of a recorded chat answer %s is returned as received',
    ([, said, bytes]) => {
      const dialect = loaded(
        openaiChat.bind({ provider: 'lab', model: 'm', limits: {}, takes: {} }, []),
      )
      const sent = sayAgain(dialect, receiveWhole(bytes, dialect).message)
      // The first field that holds the reasoning is the one that goes back.
      const home = fields.find((field) => said[field])!
      expect(sent[home]).toEqual(said[home])
    },
  )
})

function readMessage(bytes: Uint8Array): JsonObject {
  const { choices } = JSON.parse(new TextDecoder().decode(bytes)) as {
    choices: { message: JsonObject }[]
  }
  return choices[0]!.message
}

/** An answer of reasoning alone was cut, and is not said again. */
function speaks({ content, tool_calls }: JsonObject): boolean {
  return asArray(tool_calls).length > 0 || (asString(content) ?? '').trim() !== ''
}

/** The assistant message that goes up when the client goes on after this one. */
function sayAgain(dialect: BoundDialect, message: Message | undefined): JsonObject {
  const { body } = dialect.toRequest(toNextRequest(message), { report: createReport() })
  const { messages } = body as { messages: JsonObject[] }
  return messages.filter(isObject).find(({ role }) => role === 'assistant') ?? {}
}
