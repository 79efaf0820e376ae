/** Every recorded answer and error of Bedrock's Converse, and streams that are damaged on the way. */
import { describe, expect, test } from 'vitest'

import { bedrock } from '../../src/dialects/bedrock/index.ts'
import { loaded } from '../support/loaded.ts'
import type { Answer } from './support/answers.ts'
import { toExpected } from './support/answers.ts'
import type { Deviation, ErrorDeviation } from './support/deviations.ts'
import type { Deviations, Recorded } from './support/each-recording.ts'
import { recordingsOf, testAnswers, testErrors } from './support/each-recording.ts'
import { receiveWhole } from './support/received.ts'
import type { Recording } from './support/recordings.ts'
import { readRecording } from './support/recordings.ts'

const recorded: Recorded = {
  name: 'bedrock-converse',
  bind: ({ model, provider }) =>
    loaded(bedrock.bind({ provider, model, limits: {}, takes: {} }, [])),
}

const cited = 'Text with sources is text too; `expected` leaves it out.'

const deviations: Deviations<Deviation> = {
  'bedrock-converse/bedrock-rubyllm-citations-with-bedrock-claude-haiku-4-5-cites-pdf-documents-with-page-numbers.json':
    {
      why: cited,
      answer: {
        text: 'The document is a simple PDF file, and it contains "Fun fun fun." The rest of the document consists of Lorem ipsum placeholder text, which is extended throughout the document with various Latin-derived filler sentences and paragraphs.',
      },
    },
  'bedrock-converse/bedrock-rubyllm-citations-with-bedrock-claude-haiku-4-5-cites-text-documents-in-responses.json':
    {
      why: cited,
      answer: {
        text: 'The Ruby programming language was created by Yukihiro Matsumoto in 1993.',
      },
    },
  'bedrock-converse/bedrock-rubyllm-web-search-with-bedrock-amazon-nova-2-lite-v1-0-grounds-the-answer-with-web-citations.json':
    {
      why: 'A tool that ran at Bedrock, with its result beside it, is no call for the client.',
      answer: { tools: [], stop: 'end_turn' },
    },
}

const errorDeviations: Deviations<ErrorDeviation> = {
  'errors/bedrock-400-pydai-test-model-name-suggestion-bedrock.json': {
    why: 'An unknown model, sent as a 400.',
    status: 404,
    type: 'not_found_error',
  },
}

testAnswers(recorded, deviations, toExpectedOf)
testErrors(recorded, errorDeviations)

const streams = recordingsOf(recorded.name, 'stream')

describe.skipIf(streams.length === 0)('a recorded Converse stream', () => {
  test.for(streams)(
    'a recorded Converse stream %s is a failure if a byte is damaged',
    ([, recording]) => {
      const bytes = Uint8Array.from(readRecording(recording))
      const at = Math.floor(bytes.length / 2)
      bytes[at] = bytes[at]! ^ 1
      expect(receiveWhole(bytes, recorded.bind(recording)).failure).toBeDefined()
    },
  )

  test.for(streams)(
    'a recorded Converse stream %s is a failure if its end is missing',
    ([, recording]) => {
      const bytes = readRecording(recording)
      const { failure } = receiveWhole(
        bytes.subarray(0, bytes.length / 3),
        recorded.bind(recording),
      )
      expect(failure?.kind).toBe('upstream_truncated')
    },
  )
})

function toExpectedOf(recording: Recording): Answer {
  const word = recording.expected.finish_reason ?? ''
  const stops: Record<string, string> = {
    max_tokens: 'max_tokens',
    guardrail_intervened: 'refusal',
  }
  const answer = toExpected(recording)
  return { ...answer, stop: stops[word] ?? answer.stop }
}
