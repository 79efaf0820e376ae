/** Changes within a conversation, and parts of the API that keep or rewrite it. */
import { defineSubject, expectText } from '../../check.ts'
import { accepted, errorOf } from '../../endpoint/reply.ts'
import { need, partialUnless } from '../../finding.ts'
import { assistant, codeWord, recall, result, say, user } from '../../material/prompts.ts'
import { clock, weather } from '../../material/tools.ts'

const subject = { name: 'conversations', title: 'Conversations', mayRefuse: true }

/** Checks of system messages, compaction and other changes within a conversation. */
export const conversations = defineSubject(subject, {
  'system-message': {
    title: 'gives the model a system message within the conversation',
    about: ['messages'],
    run: expectText(
      'DUNLIN',
      {
        messages: [
          user('Hello.'),
          { role: 'system', content: codeWord('DUNLIN') },
          assistant('Hello!'),
          user(recall),
        ],
      },
      'the model does not know the system message',
    ),
  },
  'system-effort': {
    title: 'accepts an effort that a system message changes',
    about: ['messages'],
    run: async (endpoint) => {
      const output_config = { effort: 'low' }
      const change = { role: 'system', content: codeWord('DUNLIN'), output_config }
      const headers = { 'anthropic-beta': 'mid-conversation-output-config-2026-07-01' }
      const messages = [user(recall), change]
      const { text } = await endpoint.ask({ messages }, headers)
      need(text.includes('DUNLIN'), 'the model does not know the system message')
    },
  },
  'tool-removal': {
    title: 'does not call a tool that a system message removed',
    about: ['messages'],
    run: async (endpoint) => {
      const removal = { type: 'tool_removal', tool: { type: 'tool_reference', name: 'get_time' } }
      const headers = { 'anthropic-beta': 'mid-conversation-tool-changes-2026-07-01' }
      const messages = [
        user('Hello.'),
        { role: 'system', content: [removal] },
        assistant('Hello!'),
        user('Use the get_time tool with this input: {"zone":"UTC"}'),
      ]
      const { calls } = await endpoint.ask({ tools: [weather, clock], messages }, headers)
      need(
        calls.every(({ name }) => name !== 'get_time'),
        'the removed tool is called',
      )
    },
  },
  'context-editing': {
    title: 'clears old tool results where context_management asks for it, and says so',
    about: ['context_management'],
    run: async (endpoint) => {
      const call = (id: string) => ({
        type: 'tool_use',
        id,
        name: 'get_weather',
        input: { city: 'Oslo' },
      })
      const fields = {
        tools: [weather],
        context_management: {
          edits: [
            {
              type: 'clear_tool_uses_20250919',
              trigger: { type: 'tool_uses', value: 1 },
              keep: { type: 'tool_uses', value: 1 },
            },
          ],
        },
        messages: [
          user('Look up the weather.'),
          assistant(call('toolu_01')),
          user(result('toolu_01', 'Rain.')),
          assistant(call('toolu_02')),
          user(result('toolu_02', 'Sun.')),
          assistant('It changes.'),
          user(say('PELICAN')),
        ],
      }
      const headers = { 'anthropic-beta': 'context-management-2025-06-27' }
      const { text, message } = await endpoint.ask(fields, headers)
      need(text.includes('PELICAN'), 'the answer is not the requested text')
      const applied = JSON.stringify(message['context_management'] ?? null)
      return partialUnless(applied.includes('clear_tool_uses'), 'no applied edit is reported')
    },
    tokens: { input: 400, output: 50 },
  },
  compaction: {
    title: 'summarizes the conversation where compaction asks for it',
    about: ['compaction'],
    run: async (endpoint) => {
      const headers = { 'anthropic-beta': 'compact-2026-09-04' }
      const messages = [user(codeWord('DUNLIN')), assistant('Noted.'), user('Thanks.')]
      const fields = { compaction: { type: 'summarize' }, messages }
      const { blocks } = await endpoint.ask(fields, headers)
      return partialUnless(
        blocks.some(({ type }) => type === 'compaction'),
        'answered without a compaction block',
      )
    },
    tokens: { input: 300, output: 300 },
  },
  thread: {
    title: 'keeps a message thread, or rejects it such that SDKs send the conversation instead',
    about: ['thread'],
    run: async (endpoint) => {
      const headers = { 'anthropic-beta': 'message-threads-2026-08-12' }
      const reply = await endpoint.try(
        { thread: { type: 'create' }, messages: [user(codeWord('DUNLIN'))] },
        headers,
      )
      if (reply.status !== 200) {
        // The SDK recovers at this code alone.
        const isHealed = errorOf(reply.json)?.code === 'thread_unsupported_request'
        need(isHealed, `${reply.status} without the code thread_unsupported_request`)
        accepted(reply)
      }
      const thread = { type: 'continue', previous_message_id: reply.json?.['id'] }
      const { text } = await endpoint.ask({ thread, messages: [user(recall)] }, headers)
      need(
        text.includes('DUNLIN'),
        'the thread is ignored: the model does not know the turn before',
      )
    },
    tokens: { input: 150, output: 100 },
  },
  fallbacks: {
    title: 'accepts fallback models',
    about: ['fallbacks'],
    run: async (endpoint) => {
      const headers = { 'anthropic-beta': 'server-side-fallback-2026-07-01' }
      const fallbacks = [{ model: endpoint.access.model }]
      const { text } = await endpoint.ask({ fallbacks, messages: [user(say('PELICAN'))] }, headers)
      need(text.includes('PELICAN'), 'the answer is not the requested text')
    },
  },
  batches: {
    title: 'lists message batches',
    run: async (endpoint) => {
      const { json } = accepted(await endpoint.send('/v1/messages/batches?limit=1'))
      need(Array.isArray(json?.['data']), 'there is no list of batches')
    },
    tokens: { input: 0, output: 0 },
  },
  files: {
    title: 'lists files',
    run: async (endpoint) => {
      const headers = { 'anthropic-beta': 'files-api-2025-04-14' }
      const { json } = accepted(await endpoint.send('/v1/files?limit=1', { headers }))
      need(Array.isArray(json?.['data']), 'there is no list of files')
    },
    tokens: { input: 0, output: 0 },
  },
})
