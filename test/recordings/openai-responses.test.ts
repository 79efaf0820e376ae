/**
 * Every recorded answer of the Responses API, through reader, writer and fold: whole, and in pieces
 * cut at random places.
 */
import { describe, expect, test } from 'vitest'

import { isPortable } from '../../src/anthropic/signature.ts'
import type { BoundDialect } from '../../src/dialects/dialect.ts'
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts'
import type { Answer } from './support/answers.ts'
import { toAnswer, toExpected } from './support/answers.ts'
import { hearError, toExpectedError } from './support/error-replies.ts'
import { lengthsFor } from './support/lengths.ts'
import type { Recording } from './support/recordings.ts'
import { loadRecordings, readRecording } from './support/recordings.ts'
import { responsesDeviations, responsesErrorDeviations } from './support/responses-deviations.ts'
import { tellPieces, tellWhole } from './support/told.ts'

const recordings = loadRecordings('openai-responses')
const answers = recordings.filter(({ kind }) => kind === 'stream' || kind === 'json')
const errors = recordings.filter(({ kind }) => kind === 'error')

describe.skipIf(answers.length === 0)('a recorded answer', () => {
  test.for(named(answers))('%s is told as it was said', ([, recording]) => {
    const bytes = readRecording(recording)
    const told = tellWhole(bytes, bind(recording))
    expect(toAnswer(told)).toEqual({ ...toExpected(recording), ...deviation(recording, bytes) })
    const thoughts = told.message?.content.filter((block) => block.type === 'thinking') ?? []
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
    const { why: _, ...deviating } = responsesErrorDeviations[recording.file] ?? { why: '' }
    const expected = { ...toExpectedError(recording), ...deviating }
    expect(hearError(recording, bind(recording))).toEqual(expected)
  })
})

function deviation({ file }: Recording, bytes: Uint8Array): Partial<Answer> {
  const { answer = {} } = responsesDeviations[file] ?? {}
  return typeof answer === 'function' ? answer(new TextDecoder().decode(bytes)) : answer
}

function named(list: Recording[]): [string, Recording][] {
  return list.map((recording) => [recording.file, recording])
}

function bind({ model, provider }: Recording): BoundDialect {
  return openaiResponses.bind({ provider, model, limits: {}, takes: {} }, [])
}
