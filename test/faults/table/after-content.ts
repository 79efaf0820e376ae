/** What goes wrong once the client has got content: no other target may go on. */
import { begin, call, done, error, event, finish, chunk, role, text } from '../chat.ts'
import type { Wire } from '../wire.ts'
import type { Fault } from './fault.ts'

/** Says `hel`, then these, then ends. */
function goesOn(...pieces: string[]) {
  return async (wire: Wire): Promise<void> => {
    await begin(wire)
    for (const piece of pieces) {
      await wire.send(piece)
    }
    wire.end()
  }
}

const cut = { stream: '200 "hel" error api_error', two: '200 "hel" error api_error' }

export const afterContent: Fault[] = [
  {
    name: 'resets in mid-sentence',
    async script(wire) {
      await begin(wire)
      await wire.wait(30)
      wire.reset()
    },
    ...cut,
    plain: '502 api_error',
  },
  {
    name: 'closes in mid-sentence',
    async script(wire) {
      await begin(wire)
      await wire.wait(30)
      wire.cut()
    },
    ...cut,
    plain: '502 api_error',
  },
  { name: 'ends in mid-sentence', script: goesOn(), ...cut, plain: '502 api_error' },
  {
    name: 'sends [DONE] in mid-sentence',
    script: goesOn(done),
    stream: '200 "hel" end_turn',
    two: '200 "hel" end_turn',
  },
  {
    name: 'stalls in mid-sentence',
    async script(wire) {
      await begin(wire)
      await wire.wait(10_000)
    },
    stream: '200 "hel" error timeout_error',
    two: '200 "hel" error timeout_error',
    plain: '504 timeout_error',
  },
  {
    name: 'fails in mid-sentence',
    script: goesOn(event(error('Overloaded', { code: 529 }))),
    stream: '200 "hel" error overloaded_error',
    two: '200 "hel" error overloaded_error',
    plain: '529 overloaded_error',
  },
  {
    name: 'sends invalid JSON in mid-sentence',
    script: goesOn('data: {"choices":[{"del\n\n'),
    ...cut,
    plain: '502 api_error',
  },
  {
    name: 'is truncated within an event',
    script: goesOn('data: {"choices":[{"index":0,"delta":{"content":"lo"'),
    ...cut,
    plain: '502 api_error',
  },
  {
    name: 'is truncated within a tool’s input',
    async script(wire) {
      wire.head()
      await wire.send(role + call('{"city":"Ro'))
      wire.end()
    },
    stream: '200 get_weather({"city":"Ro) error api_error',
    two: '200 get_weather({"city":"Ro) error api_error',
    plain: '502 api_error',
  },
  {
    name: 'resets within a tool’s input',
    async script(wire) {
      wire.head()
      await wire.send(role + call('{"city":"Ro'))
      await wire.wait(30)
      wire.reset()
    },
    stream: '200 get_weather({"city":"Ro) error api_error',
    two: '200 get_weather({"city":"Ro) error api_error',
    plain: '502 api_error',
  },
  {
    name: 'reaches the limit within a tool’s input',
    async script(wire) {
      wire.head()
      await wire.send(role + call('{"city":"Ro') + chunk({}, 'length') + done)
      wire.end()
    },
    stream: '200 get_weather({"city":"Ro) max_tokens',
    two: '200 get_weather({"city":"Ro) max_tokens',
    plain: '200 get_weather({"INVALID_JSON":"{\\"city\\":\\"Ro"}) max_tokens',
  },
  {
    name: 'sends endless comments in mid-sentence',
    async script(wire) {
      await begin(wire)
      while (!wire.closed) {
        await wire.send(': keep-alive\n\n')
        await wire.wait(100)
      }
    },
    stream: '200 "hel" error timeout_error',
    two: '200 "hel" error timeout_error',
    plain: '504 timeout_error',
  },
  {
    name: 'sends an event without an end in mid-sentence',
    async script(wire) {
      await begin(wire)
      await wire.send('data: ')
      while (!wire.closed) {
        await wire.send('x'.repeat(1024 * 1024))
      }
    },
    ...cut,
    plain: '502 api_error',
    isSlow: true,
  },
  {
    name: 'ends before its content-length',
    async script(wire) {
      wire.head(200, { 'content-length': '100000' })
      await wire.send(role + text('hel'))
      await wire.wait(30)
      wire.cut()
    },
    ...cut,
    plain: '502 api_error',
  },
  {
    name: 'fails after the finish reason',
    script: goesOn(text('lo'), finish, event(error('late', { code: 500 }))),
    stream: '200 "hello" error api_error',
    two: '200 "hello" error api_error',
    plain: '500 api_error',
  },
]
