/** Streams: each check reads one by all rules of rules/stream-rules.ts, and then looks at its own subject. */
import { defineSubject } from '../../check.ts'
import { ofType } from '../../endpoint/answer.ts'
import { errorOf } from '../../endpoint/reply.ts'
import { need, partial, partialUnless } from '../../finding.ts'
import { filler, say, use, useBoth, user } from '../../material/prompts.ts'
import { bell, clock, weather } from '../../material/tools.ts'

const subject = { name: 'streaming', title: 'Streaming' }

/** Checks of streams. */
export const streaming = defineSubject(subject, {
  text: {
    title: 'streams text as a legal sequence of events',
    run: async (endpoint) => {
      const answer = await endpoint.stream({ messages: [user(say('PELICAN'))] })
      need(answer.text.includes('PELICAN'), 'the deltas do not make up the text')
      need(answer.stopReason === 'end_turn', `stop_reason is ${answer.stopReason}`)
    },
  },
  headers: {
    title: 'sends text/event-stream that no proxy should keep',
    run: async (endpoint) => {
      const { reply } = await endpoint.stream({ messages: [user(say('PELICAN'))] })
      const type = reply.headers.get('content-type') ?? ''
      need(type.startsWith('text/event-stream'), `the content type is ${type || 'missing'}`)
      const control = reply.headers.get('cache-control') ?? ''
      return partialUnless(/no-cache|no-store/.test(control), 'no cache-control: no-cache')
    },
  },
  increments: {
    title: 'sends a longer text in several deltas',
    run: async (endpoint) => {
      const { events } = await endpoint.stream({ messages: [user(say(filler(60)))] })
      const deltas = events.filter(({ name }) => name === 'content_block_delta').length
      need(deltas > 0, 'there is no delta')
      return partialUnless(deltas >= 3, `${deltas} delta for the whole text`)
    },
    tokens: { input: 150, output: 150 },
  },
  usage: {
    title: 'ends with the usage of the whole answer',
    run: async (endpoint) => {
      const { usage } = await endpoint.stream({ messages: [user(say('PELICAN'))] })
      need(usage.output > 0, 'the output tokens are 0')
      return partialUnless(usage.input + (usage.cacheRead ?? 0) > 0, 'input tokens are 0')
    },
  },
  unicode: {
    title: 'splits no character between deltas',
    run: async (endpoint) => {
      const text = 'Größe 東京都 👩🏽‍🚀 𝒳 e\u0301'
      const answer = await endpoint.stream({ messages: [user(say(text))] })
      need(answer.text.includes(text), 'the text came back changed')
    },
  },
  tool: {
    title: 'streams the input of a tool call as fragments of JSON',
    about: ['tools'],
    run: async (endpoint) => {
      const messages = [user(use('get_weather', { city: 'Oslo' }))]
      const { calls, stopReason } = await endpoint.stream({ tools: [weather], messages })
      need(calls.length === 1 && calls[0]?.['name'] === 'get_weather', 'the tool is not called')
      need(
        JSON.stringify(calls[0]?.['input']).includes('Oslo'),
        'the input is not the one asked for',
      )
      need(stopReason === 'tool_use', `stop_reason is ${stopReason}`)
    },
  },
  'parallel-tools': {
    title: 'streams two tool calls one after the other',
    about: ['tools'],
    run: async (endpoint) => {
      const prompt = useBoth(use('get_weather', { city: 'Oslo' }), use('get_time', { zone: 'UTC' }))
      const { calls } = await endpoint.stream({
        tools: [weather, clock],
        messages: [user(prompt)],
      })
      const inputs = JSON.stringify(calls.map(({ input }) => input))
      need(calls.length > 0, 'no tool is called')
      need(calls.length === 1 || /Oslo.*UTC|UTC.*Oslo/.test(inputs), 'the inputs are mixed up')
      return partialUnless(calls.length === 2, `${calls.length} call instead of two`)
    },
    tokens: { input: 250, output: 120 },
  },
  'empty-input': {
    title: 'streams a call without input as an empty object',
    about: ['tools'],
    run: async (endpoint) => {
      const messages = [user(use('ring_bell', {}))]
      const { calls } = await endpoint.stream({ tools: [bell], messages })
      need(calls.length === 1, 'the tool is not called')
      need(JSON.stringify(calls[0]?.['input']) === '{}', 'the input is not an empty object')
    },
  },
  thinking: {
    title: 'streams thinking before the answer, with a signature',
    about: ['thinking'],
    mayRefuse: true,
    run: async (endpoint) => {
      const fields = { thinking: { type: 'adaptive', display: 'summarized' } }
      const messages = [user(say('PELICAN'))]
      const { blocks, text } = await endpoint.stream({ ...fields, messages })
      need(text.includes('PELICAN'), 'the answer is not the requested text')
      const [first] = ofType(blocks, 'thinking')
      if (first === undefined) {
        return partial('no thinking block')
      }
      need(blocks[0]?.['type'] !== 'text', 'the text comes before the thinking')
      return first['signature'] === '' ? partial('the signature is empty') : undefined
    },
    tokens: { input: 100, output: 400 },
  },
  'stop-sequence': {
    title: 'ends a stream before a stop sequence and names it',
    about: ['stop_sequences'],
    mayRefuse: true,
    run: async (endpoint) => {
      const messages = [user(say('ALPHA SEPARATOR OMEGA'))]
      const answer = await endpoint.stream({ stop_sequences: ['SEPARATOR'], messages })
      need(!/SEPARATOR|OMEGA/.test(answer.text), 'the stream goes on after the sequence')
      return partialUnless(
        answer.stopSequence === 'SEPARATOR',
        `stop_reason is ${answer.stopReason}`,
      )
    },
  },
  'max-tokens': {
    title: 'ends a stream with stop_reason max_tokens at the limit',
    about: ['max_tokens'],
    run: async (endpoint) => {
      const messages = [user(say(filler(200)))]
      const { stopReason } = await endpoint.stream({ max_tokens: 32, messages })
      need(stopReason === 'max_tokens', `stop_reason is ${stopReason}`)
    },
    tokens: { input: 350, output: 60 },
  },
  error: {
    title: 'answers an invalid streaming request with an HTTP status, not with a stream',
    run: async (endpoint) => {
      const reply = await endpoint.try({ stream: true, messages: [] })
      need(reply.status >= 400, `the status is ${reply.status}`)
      need(errorOf(reply.json) !== undefined, 'the error is not in the envelope')
    },
    tokens: { input: 0, output: 0 },
  },
})
