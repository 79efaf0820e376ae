/** Every recorded answer and error of `generateContent`, of Google and of Vertex AI. */
import { describe, expect, test } from 'vitest'

import { toErrorReply } from '../../src/anthropic/error-reply.ts'
import { gemini } from '../../src/dialects/gemini/index.ts'
import { loaded } from '../support/loaded.ts'
import type { Deviation } from './support/deviations.ts'
import type { Deviations, Recorded } from './support/each-recording.ts'
import { recordingsOf, testAnswers } from './support/each-recording.ts'
import { toExpectedOfGemini } from './support/gemini-answers.ts'
import { receiveWhole } from './support/received.ts'
import { readRecording } from './support/recordings.ts'

const recorded: Recorded = {
  name: 'gemini',
  mayLackUsage: true,
  bind: ({ model, provider }) =>
    loaded(gemini.bind({ provider, model, limits: {}, takes: {} }, [])),
}

const deviations: Deviations<Deviation> = {
  'gemini/google-reqllm2-gemini-2-5-pro-preview-05-06-streaming.sse': {
    why: 'Line feeds between parts of reasoning are no answer, and a block of nothing else may not come back.',
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

testAnswers(recorded, deviations, toExpectedOfGemini)

const answers = recordingsOf(recorded.name, 'stream', 'json')
const errors = recordingsOf(recorded.name, 'error')

describe.skipIf(answers.length === 0)('a recorded Gemini answer', () => {
  test.for(answers)(
    'a recorded Gemini answer %s does not end with a thinking block',
    ([, recording]) => {
      const { message } = receiveWhole(readRecording(recording), recorded.bind(recording))
      const content = message?.content ?? []
      const hasOnlyThoughts = content.every(({ type }) => type === 'thinking')
      expect(content.at(-1)?.type === 'thinking' && !hasOnlyThoughts).toBe(false)
    },
  )
})

describe.skipIf(errors.length === 0)('a recorded Gemini error', () => {
  test.for(errors)('a recorded Gemini error %s keeps its status and type', ([, recording]) => {
    const { expected, status, provider, model, response_headers } = recording
    const body = new TextDecoder().decode(readRecording(recording))
    const headers = new Headers(response_headers)
    const reply = toErrorReply(recorded.bind(recording).toFailure({ status, headers, body }))
    expect([reply.status, reply.type, reply.message]).toEqual(
      status === 404
        ? [404, 'not_found_error', `model: ${model}`]
        : [400, 'invalid_request_error', `${provider}: ${expected.error?.message?.trim()}`],
    )
  })
})
