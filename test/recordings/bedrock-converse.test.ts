/**
 * Every recorded answer of Bedrock's Converse, through framer, reader, writer and fold: whole, and in
 * pieces cut at random places.
 */
import { describe, expect, test } from 'vitest'

import { isPortable } from '../../src/anthropic/signature.ts'
import { bedrock } from '../../src/dialects/bedrock/index.ts'
import type { BoundDialect } from '../../src/dialects/dialect.ts'
import type { Answer } from './support/answers.ts'
import { toAnswer, toExpected } from './support/answers.ts'
import type { HeardError } from './support/error-replies.ts'
import { hearError, toExpectedError } from './support/error-replies.ts'
import { lengthsFor } from './support/lengths.ts'
import type { Recording } from './support/recordings.ts'
import { loadRecordings, readRecording } from './support/recordings.ts'
import { tellPieces, tellWhole } from './support/told.ts'

const recordings = loadRecordings('bedrock-converse')
const answers = recordings.filter(({ kind }) => kind === 'stream' || kind === 'json')
const errors = recordings.filter(({ kind }) => kind === 'error')

const cited = 'Text with sources is text too; `expected` leaves it out.'

/** Where the answer is right and differs from what the recording's `expected` says. File → why. */
const deviations: Record<string, { why: string; answer: Partial<Answer> }> = {
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

const errorDeviations: Record<string, { why: string } & Partial<HeardError>> = {
  'errors/bedrock-400-pydai-test-model-name-suggestion-bedrock.json': {
    why: 'An unknown model, sent as a 400.',
    status: 404,
    type: 'not_found_error',
  },
}

describe.skipIf(answers.length === 0)('a recorded answer', () => {
  test.for(named(answers))('%s is told as it was said', ([file, recording]) => {
    const { message, failure } = tellWhole(readRecording(recording), bind(recording))
    const { answer } = deviations[file] ?? { answer: {} }
    expect(toAnswer({ message, failure })).toEqual({ ...toExpectedOf(recording), ...answer })
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

const streams = answers.filter(({ kind }) => kind === 'stream')

describe.skipIf(streams.length === 0)('a recorded stream', () => {
  test.for(named(streams))('%s fails where a byte is damaged', ([, recording]) => {
    const bytes = Uint8Array.from(readRecording(recording))
    const at = Math.floor(bytes.length / 2)
    bytes[at] = bytes[at]! ^ 1
    expect(tellWhole(bytes, bind(recording)).failure).toBeDefined()
  })

  test.for(named(streams))('%s fails where its end is missing', ([, recording]) => {
    const bytes = readRecording(recording)
    const { failure } = tellWhole(bytes.subarray(0, bytes.length / 3), bind(recording))
    expect(failure?.kind).toBe('upstream_cut')
  })
})

describe.skipIf(errors.length === 0)('a recorded error', () => {
  test.for(named(errors))('%s keeps its meaning', ([file, recording]) => {
    const { why: _, ...deviating } = errorDeviations[file] ?? { why: '' }
    const expected = { ...toExpectedError(recording), ...deviating }
    expect(hearError(recording, bind(recording))).toEqual(expected)
  })
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

function named(list: Recording[]): [string, Recording][] {
  return list.map((recording) => [recording.file, recording])
}

function bind({ model, provider }: Recording): BoundDialect {
  return bedrock.bind({ provider, model, limits: {}, takes: {} }, [])
}
