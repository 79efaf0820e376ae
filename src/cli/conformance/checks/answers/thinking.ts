/** Thinking: how it is asked for, returned, and sent back. */
import type { JsonObject } from '../../../../anthropic/json.ts'
import { asString } from '../../../../anthropic/json.ts'
import { defineSubject, expectText } from '../../check.ts'
import type { Answer } from '../../endpoint/answer.ts'
import { ofType } from '../../endpoint/answer.ts'
import type { Finding } from '../../finding.ts'
import { MalformedAnswer, need, partial, partialUnless } from '../../finding.ts'
import { assistant, codeWord, recall, result, say, use, user } from '../../material/prompts.ts'
import { weather } from '../../material/tools.ts'

const adaptive = { thinking: { type: 'adaptive', display: 'summarized' } }

const about = ['thinking', 'output_config']

const tokens = { input: 120, output: 400 }

/** Thinking that another provider's model signed, as it is in a conversation that changes its model. */
const foreign: JsonObject = {
  type: 'thinking',
  thinking: 'The user wants a word.',
  signature: 'ZXJyYXRpYyBzaWduYXR1cmUgb2YgYW5vdGhlciBtb2RlbA==',
}

function thinkingOf({ blocks }: Answer): Finding | undefined {
  const [first] = ofType(blocks, 'thinking')
  if (first === undefined) {
    return partial('no thinking block')
  }
  if (typeof first['signature'] !== 'string') {
    throw new MalformedAnswer('the thinking block has no signature')
  }
  return first['signature'] === '' ? partial('the signature is empty') : undefined
}

const subject = { name: 'thinking', title: 'Thinking', mayRefuse: true, about }

/** Checks of thinking and its signatures. */
export const thinking = defineSubject(subject, {
  budget: {
    title: 'thinks within a budget of tokens, and returns a signed thinking block',
    run: async (endpoint) => {
      const answer = await endpoint.ask({
        max_tokens: 4000,
        thinking: { type: 'enabled', budget_tokens: 1024 },
        messages: [user(say('PELICAN'))],
      })
      need(answer.text.includes('PELICAN'), 'the answer is not the requested text')
      return thinkingOf(answer)
    },
    tokens,
  },
  adaptive: {
    title: 'thinks adaptively, and returns a signed thinking block',
    run: async (endpoint) => {
      const answer = await endpoint.ask({ ...adaptive, messages: [user(say('PELICAN'))] })
      need(answer.text.includes('PELICAN'), 'the answer is not the requested text')
      return thinkingOf(answer)
    },
    tokens,
  },
  disabled: {
    title: 'returns no thinking where it is disabled',
    run: async (endpoint) => {
      const fields = { thinking: { type: 'disabled' }, messages: [user(say('PELICAN'))] }
      const { blocks, text } = await endpoint.ask(fields)
      need(text.includes('PELICAN'), 'the answer is not the requested text')
      need(ofType(blocks, 'thinking').length === 0, 'the answer has thinking')
    },
  },
  omitted: {
    title: 'returns the signature without the text where display is omitted',
    run: async (endpoint) => {
      const answer = await endpoint.ask({
        thinking: { type: 'adaptive', display: 'omitted' },
        messages: [user(say('PELICAN'))],
      })
      const [first] = ofType(answer.blocks, 'thinking')
      return (asString(first?.['thinking']) ?? '') === '' ? thinkingOf(answer) : partial('shown')
    },
    tokens,
  },
  effort: {
    title: 'accepts every effort, from low to max',
    run: async (endpoint) => {
      for (const effort of ['low', 'medium', 'high', 'max']) {
        const fields = { output_config: { effort }, messages: [user(say('PELICAN'))] }
        const { text } = await endpoint.ask(fields)
        need(text.includes('PELICAN'), `the answer with effort ${effort} is another`)
      }
    },
    tokens: { input: 400, output: 1500 },
  },
  'replay-text': {
    title: 'accepts the thinking of an earlier turn',
    about: [...about, 'messages'],
    run: async (endpoint) => {
      const question = user(`${codeWord('IBIS')} ${say('NOTED')}`)
      const { blocks } = await endpoint.ask({ ...adaptive, messages: [question] })
      const messages = [question, assistant(...blocks), user(recall)]
      const { text } = await endpoint.ask({ ...adaptive, messages })
      need(text.includes('IBIS'), 'the model does not know the turn before')
      return partialUnless(ofType(blocks, 'thinking').length > 0, 'there was no thinking')
    },
    tokens: { input: 300, output: 800 },
  },
  'replay-tool': {
    title: 'accepts thinking beside a tool call together with the result',
    about: [...about, 'messages', 'tools'],
    run: async (endpoint) => {
      const fields = { ...adaptive, tools: [weather] }
      const question = user(use('get_weather', { city: 'Oslo' }))
      const { blocks, calls } = await endpoint.ask({ ...fields, messages: [question] })
      need(calls.length === 1, 'the tool is not called')
      const answer = user(result(calls[0]?.['id'], `Rain. ${codeWord('IBIS')}`), recall)
      const messages = [question, assistant(...blocks), answer]
      const { text } = await endpoint.ask({ ...fields, messages })
      need(text.includes('IBIS'), 'the model does not know the result')
      return partialUnless(ofType(blocks, 'thinking').length > 0, 'there was no thinking')
    },
    tokens: { input: 400, output: 800 },
  },
  foreign: {
    title: 'goes on with a conversation whose thinking another model signed',
    about: ['messages.1.content.0'],
    run: expectText(
      'IBIS',
      {
        ...adaptive,
        messages: [
          user(codeWord('IBIS')),
          assistant(foreign, { type: 'redacted_thinking', data: 'b3BhcXVl' }, 'Noted.'),
          user(recall),
        ],
      },
      'the model does not know the turn before',
    ),
    tokens,
  },
})
