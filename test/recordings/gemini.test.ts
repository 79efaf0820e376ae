/**
 * Every recorded answer of `generateContent`, of Google and of Vertex AI, through reader, writer and
 * fold: whole, and in pieces cut at random places.
 */
import { describe, expect, test } from 'vitest'

import { toErrorReply } from '../../src/anthropic/error.ts'
import { isPortable } from '../../src/anthropic/signature.ts'
import type { BoundDialect } from '../../src/dialects/dialect.ts'
import { gemini } from '../../src/dialects/gemini/index.ts'
import type { Answer } from './support/answers.ts'
import { toAnswer } from './support/answers.ts'
import { toExpectedOfGemini } from './support/gemini-answers.ts'
import { lengthsFor } from './support/lengths.ts'
import type { Recording } from './support/recordings.ts'
import { loadRecordings, readRecording } from './support/recordings.ts'
import { tellPieces, tellWhole } from './support/told.ts'

const recordings = loadRecordings('gemini')
const answers = recordings.filter(({ kind }) => kind === 'stream' || kind === 'json')
const errors = recordings.filter(({ kind }) => kind === 'error')

/** Where the answer is right and differs from what the recording's `expected` says. File → why. */
const deviations: Record<string, { why: string; answer: Partial<Answer> }> = {
  'gemini/google-reqllm2-gemini-2-5-pro-preview-05-06-streaming.sse': {
    why: 'Line feeds between thoughts are no answer, and a block of nothing else may not come back.',
    answer: { text: '' },
  },
  'gemini/google-reqllm-gemini-2-0-flash-exp-image-generation-image-basic.json': {
    why: 'An answer of Anthropic holds no image, and what is left out is not left out in silence.',
    answer: { text: '[image/png omitted]' },
  },
  'gemini/vertex-pydai-test-multimodal-tool-return-matrix-direct-binary-audio-google-vertex.json': {
    why: 'The model called a tool that nobody offered (UNEXPECTED_TOOL_CALL): a retry is the remedy.',
    answer: { error: 'api_error', text: '', reasoning: '', tools: [], stop: '', usage: null },
  },
}

describe.skipIf(answers.length === 0)('a recorded answer', () => {
  test.for(named(answers))('%s is told as it was said', ([file, recording]) => {
    const { message, failure } = tellWhole(readRecording(recording), bind(recording))
    const told = toAnswer({ message, failure })
    const expected = { ...toExpectedOfGemini(recording), ...deviations[file]?.answer }
    expect(expected.usage === null ? { ...told, usage: null } : told).toEqual(expected)
    const content = message?.content ?? []
    const thoughts = content.filter((block) => block.type === 'thinking')
    expect(thoughts.filter(({ signature }) => !isPortable(signature))).toEqual([])
    // Claude Code takes the last block for the answer.
    expect(content.at(-1)?.type === 'thinking' && content.length > thoughts.length).toBe(false)
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
    const { expected, status, provider, model, response_headers } = recording
    const body = new TextDecoder().decode(readRecording(recording))
    const headers = new Headers(response_headers)
    const reply = toErrorReply(bind(recording).toFailure({ status, headers, body }))
    expect([reply.status, reply.type, reply.message]).toEqual(
      status === 404
        ? [404, 'not_found_error', `model: ${model}`]
        : [400, 'invalid_request_error', `${provider}: ${expected.error?.message?.trim()}`],
    )
  })
})

function named(list: Recording[]): [string, Recording][] {
  return list.map((recording) => [recording.file, recording])
}

function bind({ model, provider }: Recording): BoundDialect {
  return gemini.bind({ provider, model, limits: {}, takes: {} }, [])
}
