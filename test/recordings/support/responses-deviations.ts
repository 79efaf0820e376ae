/** Where an answer of the Responses API is right and differs from what `expected` says. File → why. */
import type { Deviation, ErrorDeviation } from './deviations.ts'

const apart =
  'Messages of one answer, and paragraphs of one summary, are kept apart by a blank line; `expected` puts them end to end.'

export const responsesDeviations: Record<string, Deviation> = {
  'openai-responses/azure-fantasy-azure-gpt-5-mini-thinking-streaming-testazureresponseswithsummarythinking-1.sse':
    { why: apart, answer: parted('summary') },
  'openai-responses/openai-oaidotnet-responsestooltests-codeinterpretertoolstreamingwithfiles-1.sse':
    { why: apart, answer: parted('text') },
  'openai-responses/openai-vercel-openai-phase.1.sse': { why: apart, answer: parted('text') },
  'openai-responses/openai-ddpy-response-custom-tool-call.json': {
    why: "The gateway offers no custom tools, so a call of one is the provider's own affair (xAI tells its searches so).",
    answer: { tools: [], stop: 'end_turn' },
  },
}

/** The texts of the whole answer, a blank line between two. */
function parted(what: 'text' | 'summary'): Deviation['answer'] {
  return (recording) => {
    const output = outputOf(recording)
    return what === 'text'
      ? { text: textsOf(output, 'message', 'content').join('\n\n') }
      : { reasoning: textsOf(output, 'reasoning', 'summary').join('\n\n') }
  }
}

type Item = Record<string, unknown> & { type: string }

function textsOf(output: Item[], type: string, field: string): string[] {
  return output
    .filter((item) => item.type === type)
    .flatMap((item) => (item[field] as { text: string }[]).map(({ text }) => text))
}

function outputOf(recording: string): Item[] {
  const events = recording.startsWith('{')
    ? [recording]
    : recording.split('\n').flatMap((line) => /^data: ?(\{.*)/.exec(line)?.[1] ?? [])
  const last = JSON.parse(events.at(-1)!) as { output?: Item[]; response?: { output: Item[] } }
  return last.output ?? last.response?.output ?? []
}

export const responsesErrorDeviations: Record<string, ErrorDeviation> = {
  'errors/openai-400-otelpy-test-responses-create-api-error-content-mode0.json': {
    why: 'An unknown model, sent as a 400.',
    status: 404,
    type: 'not_found_error',
  },
  'errors/xai-400-rig-response-identity-provider-error-classifies-with-contract-but-reports-no-id.json':
    { why: 'An unknown model, sent as a 400.', status: 404, type: 'not_found_error' },
}
