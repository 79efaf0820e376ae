/**
 * Every recorded answer of chat completions, through reader, writer and fold: whole, and in pieces cut
 * at random places.
 */
import { describe, expect, test } from 'vitest'

import { isPortable } from '../../src/anthropic/signature.ts'
import type { BoundDialect } from '../../src/dialects/dialect.ts'
import { openaiChat } from '../../src/dialects/openai-chat/index.ts'
import type { Answer } from './support/answers.ts'
import { toAnswer, toExpected } from './support/answers.ts'
import { deviations, errorDeviations } from './support/deviations.ts'
import { hearError, toExpectedError } from './support/error-replies.ts'
import { lengthsFor } from './support/lengths.ts'
import type { Recording } from './support/recordings.ts'
import { loadRecordings, readRecording } from './support/recordings.ts'
import { tellPieces, tellWhole } from './support/told.ts'

const recordings = loadRecordings('openai-chat')
const answers = recordings.filter(({ kind }) => kind === 'stream' || kind === 'json')
const errors = recordings.filter(({ kind }) => kind === 'error')

describe.skipIf(answers.length === 0)('a recorded answer', () => {
  test.for(named(answers))('%s is told as it was said', ([, recording]) => {
    const bytes = readRecording(recording)
    const { message, failure } = tellWhole(bytes, bind(recording))
    const told = toAnswer({ message, failure })
    const expected = { ...toExpected(recording), ...deviation(recording, bytes) }
    // Without usage the gateway answers with its estimate.
    expect(expected.usage === null ? { ...told, usage: null } : told).toEqual(expected)
    const thoughts = message?.content.filter((block) => block.type === 'thinking') ?? []
    expect(thoughts.filter(({ signature }) => !isPortable(signature))).toEqual([])
  })

  test.for(named(answers))('%s is told the same wherever it is cut', ([, recording]) => {
    const bytes = readRecording(recording)
    const dialect = bind(recording)
    const whole = tellPieces(bytes, dialect, [bytes.length])
    for (const lengths of lengthsFor(bytes.length)) {
      expect(tellPieces(bytes, dialect, lengths)).toBe(whole)
    }
  })
})

describe.skipIf(errors.length === 0)('a recorded error', () => {
  test.for(named(errors))('%s keeps its meaning', ([, recording]) => {
    const { why: _, ...deviating } = errorDeviations[recording.file] ?? { why: '' }
    const expected = { ...toExpectedError(recording), ...deviating }
    expect(hearError(recording, bind(recording))).toEqual(expected)
  })
})

function deviation({ file }: Recording, bytes: Uint8Array): Partial<Answer> {
  const { answer = {} } = deviations[file] ?? {}
  return typeof answer === 'function' ? answer(new TextDecoder().decode(bytes)) : answer
}

function named(list: Recording[]): [string, Recording][] {
  return list.map((recording) => [recording.file, recording])
}

function bind({ model, provider, shows }: Recording): BoundDialect {
  const quirks = {
    think_tags: shows.includes('think-tags-in-content'),
    // Gemini's compatible endpoint counts what it thought in the total alone.
    output_excludes_reasoning: provider === 'google',
  }
  return openaiChat.bind({ provider, model, limits: {}, takes: {} }, [quirks])
}
