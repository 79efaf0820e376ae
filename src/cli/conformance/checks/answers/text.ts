/** Text: prompts in every form, and the message that answers them. */
import { defineSubject } from '../../check.ts'
import { need, partial } from '../../finding.ts'
import { assistant, codeWord, filler, recall, say, user } from '../../material/prompts.ts'
import { blockFaults, messageFaults, stopFaults } from '../../rules/message-rules.ts'

/** Includes what JSON and tokenizers find hard. */
const hardText = 'naïve 日本語 🦉 "quoted" back\\slash <tag> & 1.0e3'

export const text = defineSubject('text', 'Text', {
  reply: {
    title: 'answers a prompt with text',
    run: async (endpoint) => {
      const { text: answer } = await endpoint.ask({ messages: [user(say('PELICAN'))] })
      need(answer.includes('PELICAN'), 'the answer is not the text that was asked for')
      return undefined
    },
  },
  shape: {
    title: 'answers with a message of the documented shape, as application/json',
    run: async (endpoint) => {
      const { message, blocks, reply } = await endpoint.ask({ messages: [user(say('PELICAN'))] })
      const faults = [...messageFaults(message), ...stopFaults(message, 0), ...blockFaults(blocks)]
      need(faults.length === 0, faults.join('; '))
      const type = reply.headers.get('content-type') ?? ''
      need(type.startsWith('application/json'), `the content type is ${type || 'missing'}`)
      return undefined
    },
  },
  model: {
    title: 'names the model of the request in the answer',
    run: async (endpoint) => {
      const { message } = await endpoint.ask({ messages: [user(say('PELICAN'))] })
      const { model } = endpoint.access
      need(typeof message['model'] === 'string', 'the answer names no model')
      return message['model'] === model ? undefined : partial(`named ${message['model']}`)
    },
  },
  'string-content': {
    title: 'accepts message content that is a string',
    run: async (endpoint) => {
      const messages = [{ role: 'user', content: say('PELICAN') }]
      const { text: answer } = await endpoint.ask({ messages })
      need(answer.includes('PELICAN'), 'the answer is not the text that was asked for')
      return undefined
    },
  },
  'system-string': {
    title: 'gives the model a system prompt that is a string',
    about: ['system'],
    run: async (endpoint) => {
      const fields = { system: codeWord('HERON'), messages: [user(recall)] }
      const { text: answer } = await endpoint.ask(fields)
      need(answer.includes('HERON'), 'the model does not know the system prompt')
      return undefined
    },
  },
  'system-blocks': {
    title: 'gives the model every block of a system prompt',
    about: ['system'],
    run: async (endpoint) => {
      const blocks = ['Be brief.', codeWord('HERON'), 'Be polite.']
      const system = blocks.map((block) => ({ type: 'text', text: block }))
      const { text: answer } = await endpoint.ask({ system, messages: [user(recall)] })
      need(answer.includes('HERON'), 'the model does not know the second block')
      return undefined
    },
  },
  turns: {
    title: 'gives the model the earlier turns of the conversation',
    run: async (endpoint) => {
      const messages = [user(codeWord('OSPREY')), assistant('Noted.'), user(recall)]
      const { text: answer } = await endpoint.ask({ messages })
      need(answer.includes('OSPREY'), 'the model does not know the first turn')
      return undefined
    },
  },
  'adjacent-turns': {
    title: 'accepts two user messages in a row and gives the model both',
    run: async (endpoint) => {
      const { text: answer } = await endpoint.ask({
        messages: [user(codeWord('OSPREY')), user(recall)],
      })
      need(answer.includes('OSPREY'), 'the model does not know the first message')
      return undefined
    },
  },
  'text-blocks': {
    title: 'gives the model every text block of a message',
    run: async (endpoint) => {
      const messages = [user('Hello.', codeWord('EGRET'), recall)]
      const { text: answer } = await endpoint.ask({ messages })
      need(answer.includes('EGRET'), 'the model does not know the second block')
      return undefined
    },
  },
  unicode: {
    title: 'carries every character in both directions',
    run: async (endpoint) => {
      const { text: answer } = await endpoint.ask({ messages: [user(say(hardText))] })
      need(answer.includes(hardText), 'the text came back changed')
      return undefined
    },
  },
  'max-tokens': {
    title: 'ends with stop_reason max_tokens at the limit',
    about: ['max_tokens'],
    run: async (endpoint) => {
      const messages = [user(say(filler(200)))]
      const { stopReason, usage } = await endpoint.ask({ max_tokens: 32, messages })
      need(stopReason === 'max_tokens', `stop_reason is ${stopReason}`)
      return usage.output <= 40
        ? undefined
        : partial(`${usage.output} output tokens for a limit of 32`)
    },
    tokens: { input: 350, output: 60 },
  },
  'no-output': {
    title: 'answers max_tokens 0 with an empty message',
    mayRefuse: true,
    run: async (endpoint) => {
      const { blocks, stopReason } = await endpoint.ask({
        max_tokens: 0,
        messages: [user(say('PELICAN'))],
      })
      need(blocks.length === 0, 'the answer has content')
      need(stopReason === 'max_tokens', `stop_reason is ${stopReason}`)
      return undefined
    },
  },
  'stop-sequence': {
    title: 'ends before a stop sequence and names it',
    about: ['stop_sequences'],
    mayRefuse: true,
    run: async (endpoint) => {
      const messages = [user(say('ALPHA SEPARATOR OMEGA'))]
      const answer = await endpoint.ask({ stop_sequences: ['SEPARATOR'], messages })
      need(answer.text.includes('ALPHA'), 'the text before the sequence is missing')
      need(!/SEPARATOR|OMEGA/.test(answer.text), 'the answer goes on after the sequence')
      return answer.stopReason === 'stop_sequence' && answer.stopSequence === 'SEPARATOR'
        ? undefined
        : partial(`stop_reason is ${answer.stopReason}`)
    },
  },
  prefill: {
    title: 'continues an assistant message that the client began',
    about: ['messages'],
    mayRefuse: true,
    run: async (endpoint) => {
      const messages = [user(say('ALPHA BETA GAMMA')), assistant('ALPHA BETA')]
      const { text: answer } = await endpoint.ask({ messages })
      need(answer.includes('GAMMA'), 'the answer is not the rest')
      return answer.includes('ALPHA') ? partial('it begins again instead of going on') : undefined
    },
  },
  sampling: {
    title: 'accepts temperature, top_p and top_k under version 2023-06-01',
    about: ['temperature', 'top_p', 'top_k'],
    mayRefuse: true,
    run: async (endpoint) => {
      const fields = { temperature: 1, top_k: 40, messages: [user(say('PELICAN'))] }
      const { text: answer } = await endpoint.ask(fields)
      need(answer.includes('PELICAN'), 'the answer is not the text that was asked for')
      return undefined
    },
  },
})
