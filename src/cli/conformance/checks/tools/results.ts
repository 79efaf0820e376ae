/** Tool results: what goes back to the model, in every form. */
import type { JsonObject } from '../../../../anthropic/json.ts'
import { defineSubject, expectText } from '../../check.ts'
import type { Endpoint } from '../../endpoint/endpoint.ts'
import { need, partial, partialUnless } from '../../finding.ts'
import { redSquare, whichColor } from '../../material/attachments.ts'
import { assistant, codeWord, recall, result, say, use, user } from '../../material/prompts.ts'
import { clock, weather } from '../../material/tools.ts'

const question = user('Look up the weather in Oslo.')

/** A call as the client has it from an earlier answer. */
function call(id: string, name = 'get_weather', input: JsonObject = { city: 'Oslo' }): JsonObject {
  return { type: 'tool_use', id, name, input }
}

/** Sends a call with these results, asks for the code word in them, and expects it. */
async function recallFrom(endpoint: Endpoint, ...results: JsonObject[]): Promise<void> {
  const ids = results.map(({ tool_use_id: id }) => String(id))
  const messages = [question, assistant(...ids.map((id) => call(id))), user(...results, recall)]
  const { text } = await endpoint.ask({ tools: [weather], messages })
  need(text.includes('WREN'), 'the model does not know the result')
}

const subject = { name: 'results', title: 'Tool results', about: ['messages', 'tools'] }

/** Checks of tool results. */
export const results = defineSubject(subject, {
  loop: {
    title: 'goes from a prompt over a call and its result to an answer',
    run: async (endpoint) => {
      const prompt = user(use('get_weather', { city: 'Oslo' }))
      const first = await endpoint.ask({ tools: [weather], messages: [prompt] })
      const [made] = first.calls
      need(made !== undefined, 'the tool is not called')
      const answer = user(result(made['id'], `Rain. ${codeWord('WREN')}`), recall)
      const messages = [prompt, assistant(...first.blocks), answer]
      const { text, calls } = await endpoint.ask({ tools: [weather], messages })
      need(calls.length === 0 && text.includes('WREN'), 'the model does not know the result')
    },
    tokens: { input: 400, output: 150 },
  },
  text: {
    title: 'gives the model a result that is a string',
    run: (endpoint) => recallFrom(endpoint, result('toolu_01', codeWord('WREN'))),
  },
  blocks: {
    title: 'gives the model a result of several text blocks',
    run: (endpoint) => {
      const content = ['Rain.', codeWord('WREN')].map((text) => ({ type: 'text', text }))
      return recallFrom(endpoint, result('toolu_01', content))
    },
  },
  error: {
    title: 'gives the model a result that is an error',
    run: (endpoint) =>
      recallFrom(endpoint, result('toolu_01', `Failed. ${codeWord('WREN')}`, { is_error: true })),
  },
  two: {
    title: 'gives the model the results of parallel calls',
    run: (endpoint) =>
      recallFrom(endpoint, result('toolu_01', 'Rain.'), result('toolu_02', codeWord('WREN'))),
  },
  empty: {
    title: 'accepts a result without content',
    run: async (endpoint) => {
      const done = { type: 'tool_result', tool_use_id: 'toolu_01' }
      const messages = [question, assistant(call('toolu_01')), user(done, say('PELICAN'))]
      const { text } = await endpoint.ask({ tools: [weather], messages })
      need(text.includes('PELICAN'), 'the answer is not the requested text')
    },
  },
  image: {
    title: 'shows the model an image in a result',
    mayRefuse: true,
    run: async (endpoint) => {
      const shot = result('toolu_01', [{ type: 'text', text: 'The camera:' }, redSquare])
      const messages = [user(whichColor), assistant(call('toolu_01')), user(shot)]
      const { text } = await endpoint.ask({ tools: [weather], messages })
      need(/\bred\b/i.test(text), 'the model does not see the image')
    },
    tokens: { input: 350, output: 50 },
  },
  document: {
    title: 'shows the model a document in a result',
    mayRefuse: true,
    run: (endpoint) => {
      const source = { type: 'text', media_type: 'text/plain', data: codeWord('WREN') }
      return recallFrom(endpoint, result('toolu_01', [{ type: 'document', source }]))
    },
  },
  'without-tools': {
    title: 'accepts a history of calls in a request without tools',
    mayRefuse: true,
    run: expectText(
      'WREN',
      {
        messages: [
          question,
          assistant(call('toolu_01')),
          user(result('toolu_01', codeWord('WREN'))),
          assistant('It rains.'),
          user(recall),
        ],
      },
      'the model does not know the result',
    ),
  },
  'odd-ids': {
    title: 'accepts ids of calls that another provider made',
    run: (endpoint) =>
      recallFrom(endpoint, result('functions_get_weather_0-a_b', codeWord('WREN'))),
  },
  'second-loop': {
    title: 'keeps calls of one conversation apart',
    run: expectText(
      'WREN',
      {
        tools: [weather, clock],
        messages: [
          question,
          assistant(call('toolu_01')),
          user(result('toolu_01', 'Rain.')),
          assistant('It rains.', call('toolu_02', 'get_time', { zone: 'UTC' })),
          user(result('toolu_02', codeWord('WREN')), recall),
        ],
      },
      'the model does not know the last result',
    ),
    tokens: { input: 400, output: 50 },
  },
  orphan: {
    title: 'rejects a result without its call, naming the id',
    run: async (endpoint) => {
      const messages = [user(result('toolu_missing', 'Rain.'), say('PELICAN'))]
      const reply = await endpoint.try({ tools: [weather], messages })
      if (reply.status === 200) {
        return partial('answered without an error')
      }
      need(reply.status === 400, `the status is ${reply.status}`)
      return partialUnless(reply.text.includes('toolu_missing'), 'the id is not named')
    },
  },
})
