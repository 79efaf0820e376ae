/** The tests that every recording of a dialect must pass: whole, and in pieces cut at random places. */
import { describe, expect, test } from 'vitest'

import { isPortable } from '../../../src/anthropic/signature.ts'
import type { BoundDialect } from '../../../src/dialects/dialect.ts'
import type { Answer } from './answers.ts'
import { toAnswer, toExpected } from './answers.ts'
import type { Deviation, ErrorDeviation } from './deviations.ts'
import { hearError, toExpectedError } from './error-replies.ts'
import { lengthsFor } from './lengths.ts'
import { receivePieces, receiveWhole } from './received.ts'
import type { Recording } from './recordings.ts'
import { loadRecordings, readRecording } from './recordings.ts'

export interface Recorded {
  /** As the index of the recordings calls the dialect. */
  name: string
  bind: (recording: Recording) => BoundDialect
  /** Upstreams of it may report no usage: then the gateway answers with its estimate. */
  mayLackUsage?: boolean
}

/** Where what the gateway sends is right and differs from what the index says. File → why, and what. */
export type Deviations<One> = Readonly<Record<string, One>>

/** Its answers, streams and documents; `toExpectation` where the index says it in words of its own. */
export function testAnswers(
  { name, bind, mayLackUsage = false }: Recorded,
  deviations: Deviations<Deviation>,
  toExpectation: (recording: Recording) => Answer = toExpected,
): void {
  const answers = recordingsOf(name, 'stream', 'json')

  function expectedOf(recording: Recording): Answer {
    const { answer = {} } = deviations[recording.file] ?? {}
    const deviation =
      typeof answer === 'function'
        ? answer(new TextDecoder().decode(readRecording(recording)))
        : answer
    return { ...toExpectation(recording), ...deviation }
  }

  describe.skipIf(answers.length === 0)('a recorded answer', () => {
    test.for(answers)('%s has the recorded content', ([, recording]) => {
      const { message, failure } = receiveWhole(readRecording(recording), bind(recording))
      const received = toAnswer({ message, failure })
      const expected = expectedOf(recording)
      const isEstimate = mayLackUsage && expected.usage === null
      expect(isEstimate ? { ...received, usage: null } : received).toEqual(expected)
      const content = message?.content ?? []
      const reasoning = content.filter((block) => block.type === 'thinking')
      expect(reasoning.filter(({ signature }) => !isPortable(signature))).toEqual([])
      // Claude Code takes the last block for the answer, where no tool is called.
      expect(content.slice(-2).map(({ type }) => type)).not.toEqual(['text', 'thinking'])
    })

    test.for(answers)('%s is translated identically wherever it is split', ([, recording]) => {
      const bytes = readRecording(recording)
      const dialect = bind(recording)
      const whole = receivePieces(bytes, dialect, [bytes.length])
      for (const lengths of lengthsFor(bytes.length)) {
        expect(receivePieces(bytes, dialect, lengths)).toBe(whole)
      }
    })
  })
}

/** Its errors. */
export function testErrors(
  { name, bind }: Recorded,
  deviations: Deviations<ErrorDeviation> = {},
): void {
  const errors = recordingsOf(name, 'error')
  describe.skipIf(errors.length === 0)('a recorded error', () => {
    test.for(errors)('%s keeps its status and type', ([file, recording]) => {
      const { why: _, ...deviating } = deviations[file] ?? { why: '' }
      const expected = { ...toExpectedError(recording), ...deviating }
      expect(hearError(recording, bind(recording))).toEqual(expected)
    })
  })
}

/** Of a dialect, with their names for test reports. */
export function recordingsOf(name: string, ...kinds: Recording['kind'][]): [string, Recording][] {
  return loadRecordings(name)
    .filter(({ kind }) => kinds.includes(kind))
    .map((recording) => [recording.file, recording])
}
