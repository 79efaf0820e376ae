/** Every recorded answer and error of the Responses API. */
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts'
import { loaded } from '../support/loaded.ts'
import type { Recorded } from './support/each-recording.ts'
import { testAnswers, testErrors } from './support/each-recording.ts'
import { responsesDeviations, responsesErrorDeviations } from './support/responses-deviations.ts'

const recorded: Recorded = {
  name: 'openai-responses',
  bind: ({ model, provider }) =>
    loaded(openaiResponses.bind({ provider, model, limits: {}, takes: {} }, [])),
}

testAnswers(recorded, responsesDeviations)
testErrors(recorded, responsesErrorDeviations)
