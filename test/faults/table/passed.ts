/** What goes wrong at an upstream that speaks Anthropic's protocol: as it came, as far as that is true. */
import { refuse } from '../chat.ts'
import type { Wire } from '../wire.ts'
import type { Fault } from './fault.ts'
import { hello } from './fault.ts'

function say(type: string, more: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
}

const usage = { input_tokens: 7, output_tokens: 1 }
const start = say('message_start', {
  message: { id: 'msg_up', type: 'message', role: 'assistant', model: 'up', content: [], usage },
})
const open = say('content_block_start', { index: 0, content_block: { type: 'text', text: '' } })
const words = (text: string): string =>
  say('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })
const close = say('content_block_stop', { index: 0 })
const end =
  say('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage }) +
  say('message_stop')
const failure = (type: string): object => ({ type: 'error', error: { type, message: 'no' } })

/** Answers well, in the form that was asked for. */
export async function answerAsAnthropic(wire: Wire): Promise<void> {
  if (wire.body['stream'] === true) {
    wire.head(200, { 'request-id': 'req_up' })
    await wire.send(start + open + words('hello') + close + end)
  } else {
    wire.head(200, { 'content-type': 'application/json' })
    const content = [{ type: 'text', text: 'hello' }]
    await wire.send(
      JSON.stringify({ type: 'message', model: 'up', content, stop_reason: 'end_turn', usage }),
    )
  }
  wire.end()
}

function says(...pieces: string[]) {
  return async (wire: Wire): Promise<void> => {
    wire.head()
    for (const piece of pieces) {
      await wire.send(piece)
    }
    wire.end()
  }
}

const truncatedAnswer = { stream: '200 "hel" error api_error', two: '200 "hel" error api_error' }

/** Streams only: a message in one piece has no beginning. */
export const passed: Fault[] = [
  { name: 'passed through: answers', script: answerAsAnthropic, stream: hello },
  {
    name: 'passed through: resets immediately',
    script: (wire) => wire.reset(),
    stream: '502 api_error',
    asked: 2,
  },
  {
    name: 'passed through: never responds',
    script: (wire) => wire.wait(10_000),
    stream: '504 timeout_error',
  },
  {
    name: 'passed through: is overloaded',
    script: (wire) => refuse(wire, 529, failure('overloaded_error')),
    stream: '529 overloaded_error',
  },
  {
    name: 'passed through: finds the request invalid',
    script: (wire) => refuse(wire, 400, failure('invalid_request_error')),
    stream: '400 invalid_request_error',
    two: '400 invalid_request_error',
  },
  {
    name: 'passed through: rejects the gateway’s key',
    script: (wire) => refuse(wire, 401, failure('authentication_error')),
    stream: '500 api_error',
  },
  {
    name: 'passed through: fails in its first event',
    script: says(say('error', failure('overloaded_error'))),
    stream: '529 overloaded_error',
  },
  {
    name: 'passed through: fails before content',
    script: says(start, say('ping'), say('error', failure('overloaded_error'))),
    stream: '529 overloaded_error',
  },
  {
    name: 'passed through: ends before content',
    script: says(start),
    stream: '502 api_error',
    asked: 2,
  },
  {
    name: 'passed through: stalls before content',
    async script(wire) {
      wire.head()
      await wire.send(start)
      await wire.wait(10_000)
    },
    stream: '504 timeout_error',
  },
  {
    name: 'passed through: does not stream though asked to',
    script: says('<html>hello</html>'),
    stream: '502 api_error',
  },
  {
    name: 'passed through: resets in mid-sentence',
    async script(wire) {
      wire.head()
      await wire.send(start + open + words('hel'))
      await wire.wait(30)
      wire.reset()
    },
    ...truncatedAnswer,
  },
  {
    name: 'passed through: ends in mid-sentence',
    script: says(start, open, words('hel')),
    ...truncatedAnswer,
  },
  {
    name: 'passed through: is truncated within an event',
    script: says(start + open + words('hel'), words('lo').slice(0, 60)),
    ...truncatedAnswer,
  },
  {
    name: 'passed through: stalls in mid-sentence',
    async script(wire) {
      wire.head()
      await wire.send(start + open + words('hel'))
      await wire.wait(10_000)
    },
    stream: '200 "hel" error timeout_error',
    two: '200 "hel" error timeout_error',
  },
  {
    name: 'passed through: fails in mid-sentence',
    script: says(start, open, words('hel'), say('error', failure('overloaded_error'))),
    stream: '200 "hel" error overloaded_error',
    two: '200 "hel" error overloaded_error',
  },
]
