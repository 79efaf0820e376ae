/** Every recorded answer and error of chat completions. */
import { openaiChat } from '../../src/dialects/openai-chat/index.ts'
import { loaded } from '../support/loaded.ts'
import { deviations, errorDeviations } from './support/deviations.ts'
import type { Recorded } from './support/each-recording.ts'
import { testAnswers, testErrors } from './support/each-recording.ts'

const recorded: Recorded = {
  name: 'openai-chat',
  mayLackUsage: true,
  bind({ model, provider, shows }) {
    const quirks = {
      think_tags: shows.includes('think-tags-in-content'),
      // Gemini's compatible endpoint counts what it thought in the total alone.
      output_excludes_reasoning: provider === 'google',
    }
    return loaded(openaiChat.bind({ provider, model, limits: {}, takes: {} }, [quirks]))
  },
}

testAnswers(recorded, deviations)
testErrors(recorded, errorDeviations)
