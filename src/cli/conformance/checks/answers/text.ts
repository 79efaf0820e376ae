/** Text: prompts in every form, and the message that answers them. */
import { defineSubject, expectText } from '../../check.ts'
import { need, partial, partialUnless } from '../../finding.ts'
import { assistant, codeWord, filler, recall, say, user } from '../../material/prompts.ts'
import { blockFaults, messageFaults, stopFaults } from '../../rules/message-rules.ts'

/** Includes what JSON and tokenizers find hard. */
const hardText = 'naïve 日本語 🦉 "quoted" back\\slash <tag> & 1.0e3'

const subject = { name: 'text', title: 'Text' }

/** Checks of text prompts and answers. */
export const text = defineSubject(subject, {
  reply: {
    title: 'answers a prompt with text',
    run: expectText('PELICAN', { messages: [user(say('PELICAN'))] }),
  },
  shape: {
    title: 'answers with a message of the documented shape, as application/json',
    run: async (endpoint) => {
      const { message, blocks, reply } = await endpoint.ask({ messages: [user(say('PELICAN'))] })
      const faults = [...messageFaults(message), ...stopFaults(message, 0), ...blockFaults(blocks)]
      need(faults.length === 0, faults.join('; '))
      const type = reply.headers.get('content-type') ?? ''
      need(type.startsWith('application/json'), `the content type is ${type || 'missing'}`)
    },
  },
  model: {
    title: 'names the model of the request in the answer',
    run: async (endpoint) => {
      const { message } = await endpoint.ask({ messages: [user(say('PELICAN'))] })
      const { model } = endpoint.access
      need(typeof message['model'] === 'string', 'the answer names no model')
      return partialUnless(message['model'] === model, `named ${message['model']}`)
    },
  },
  'string-content': {
    title: 'accepts message content that is a string',
    run: expectText('PELICAN', { messages: [{ role: 'user', content: say('PELICAN') }] }),
  },
  'system-string': {
    title: 'gives the model a system prompt that is a string',
    about: ['system'],
    run: expectText(
      'HERON',
      { system: codeWord('HERON'), messages: [user(recall)] },
      'the model does not know the system prompt',
    ),
  },
  'system-blocks': {
    title: 'gives the model every block of a system prompt',
    about: ['system'],
    run: async (endpoint) => {
      const blocks = ['Be brief.', codeWord('HERON'), 'Be polite.']
      const system = blocks.map((block) => ({ type: 'text', text: block }))
      const { text: answer } = await endpoint.ask({ system, messages: [user(recall)] })
      need(answer.includes('HERON'), 'the model does not know the second block')
    },
  },
  turns: {
    title: 'gives the model the earlier turns of the conversation',
    run: expectText(
      'OSPREY',
      { messages: [user(codeWord('OSPREY')), assistant('Noted.'), user(recall)] },
      'the model does not know the first turn',
    ),
  },
  'adjacent-turns': {
    title: 'accepts two user messages in a row and gives the model both',
    run: expectText(
      'OSPREY',
      {
        messages: [user(codeWord('OSPREY')), user(recall)],
      },
      'the model does not know the first message',
    ),
  },
  'text-blocks': {
    title: 'gives the model every text block of a message',
    run: expectText(
      'EGRET',
      { messages: [user('Hello.', codeWord('EGRET'), recall)] },
      'the model does not know the second block',
    ),
  },
  unicode: {
    title: 'carries every character in both directions',
    run: expectText(hardText, { messages: [user(say(hardText))] }, 'the text came back changed'),
  },
  'max-tokens': {
    title: 'ends with stop_reason max_tokens at the limit',
    about: ['max_tokens'],
    run: async (endpoint) => {
      const messages = [user(say(filler(200)))]
      const { stopReason, usage } = await endpoint.ask({ max_tokens: 32, messages })
      need(stopReason === 'max_tokens', `stop_reason is ${stopReason}`)
      return partialUnless(usage.output <= 40, `${usage.output} output tokens for a limit of 32`)
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
      return partialUnless(
        answer.stopReason === 'stop_sequence' && answer.stopSequence === 'SEPARATOR',
        `stop_reason is ${answer.stopReason}`,
      )
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
    run: expectText('PELICAN', { temperature: 1, top_k: 40, messages: [user(say('PELICAN'))] }),
  },
})
