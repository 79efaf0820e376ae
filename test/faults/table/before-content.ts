/** What goes wrong in an answer that looked well, before it says anything. */
import { gzipSync } from 'node:zlib'

import {
  answerWell,
  begin,
  completion,
  done,
  error,
  event,
  finish,
  json,
  role,
  text,
} from '../chat.ts'
import type { Wire } from '../wire.ts'
import type { Fault } from './fault.ts'
import { hello } from './fault.ts'

/** Says these events and ends. */
function says(...pieces: string[]) {
  return async (wire: Wire): Promise<void> => {
    wire.head()
    for (const piece of pieces) {
      await wire.send(piece)
    }
    wire.end()
  }
}

const whole = role + text('hello') + finish + done

export const beforeContent: Fault[] = [
  {
    name: 'resets after its headers',
    async script(wire) {
      wire.head()
      await wire.wait(20)
      wire.reset()
    },
    stream: '502 api_error',
    asked: 2,
  },
  {
    name: 'stalls after its headers',
    async script(wire) {
      wire.head()
      await wire.wait(10_000)
    },
    stream: '504 timeout_error',
  },
  { name: 'ends after its headers', script: says(), stream: '502 api_error', asked: 2 },
  {
    name: 'sends only comments',
    script: says(': hi\n\n', ': ho\n\n'),
    stream: '502 api_error',
    asked: 2,
  },
  { name: 'sends only [DONE]', script: says(done), stream: '502 api_error', asked: 2 },
  {
    name: 'sends endless comments',
    async script(wire) {
      wire.head()
      while (!wire.closed) {
        await wire.send(': keep-alive\n\n')
        await wire.wait(100)
      }
    },
    stream: '504 timeout_error',
  },
  {
    name: 'fails in its first event',
    script: says(event(error('Overloaded', { code: 529 }))),
    stream: '529 overloaded_error',
  },
  {
    name: 'fails after its first event',
    script: says(role, event(error('Overloaded', { code: 529 }))),
    stream: '200 error overloaded_error',
    plain: '529 overloaded_error',
  },
  {
    name: 'fails in an error field',
    script: says('error: {"code":500,"message":"slot unavailable","type":"server_error"}\n\n'),
    stream: '500 api_error',
  },
  {
    name: 'fails in a non-streaming body with status 200',
    async script(wire) {
      wire.head(200, json)
      await wire.send(JSON.stringify(error('The server is overloaded', { code: 503 })))
      wire.end()
    },
    stream: '529 overloaded_error',
  },
  {
    name: 'sends an HTML page with status 200',
    async script(wire) {
      wire.head(200, { 'content-type': 'text/html' })
      await wire.send('<html><body>Welcome to nginx!</body></html>')
      wire.end()
    },
    stream: '502 api_error',
  },
  {
    name: 'truncates its JSON',
    async script(wire) {
      wire.head(200, json)
      await wire.send(completion('hello').slice(0, 40))
      wire.end()
    },
    stream: '502 api_error',
  },
  {
    name: 'sends invalid JSON in an event',
    script: says('data: {"choices":[{"del\n\n'),
    stream: '502 api_error',
  },
  {
    name: 'nests its JSON too deeply',
    script: says(event(`{"choices":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)),
    stream: '200 error api_error',
    plain: '502 api_error',
    asked: 2,
  },
  {
    name: 'sends plain text as gzip',
    async script(wire) {
      wire.head(200, { 'content-encoding': 'gzip' })
      await wire.send(whole)
      wire.end()
    },
    stream: '502 api_error',
    asked: 2,
  },
  {
    name: 'sends an event without an end',
    async script(wire) {
      wire.head()
      await wire.send('data: ')
      while (!wire.closed) {
        await wire.send('x'.repeat(1024 * 1024))
      }
    },
    stream: '502 api_error',
    isSlow: true,
  },
]

/** Odd, but an answer. */
export const harmless: Fault[] = [
  {
    name: 'sends a 1xx response first',
    async script(wire) {
      wire.raw('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n')
      await answerWell(wire)
    },
    stream: hello,
  },
  {
    name: 'streams as plain text',
    async script(wire) {
      wire.head(200, { 'content-type': 'text/plain' })
      await wire.send(whole)
      wire.end()
    },
    stream: hello,
  },
  {
    name: 'streams though not asked to',
    script: says(whole),
    stream: hello,
  },
  {
    name: 'does not stream though asked to',
    async script(wire) {
      wire.head(200, json)
      await wire.send(completion('hello'))
      wire.end()
    },
    stream: hello,
  },
  {
    name: 'compresses without being asked',
    async script(wire) {
      wire.head(200, { 'content-encoding': 'gzip' })
      await wire.send(gzipSync(whole))
      wire.end()
    },
    stream: hello,
  },
  {
    name: 'sends a few bytes at a time',
    async script(wire) {
      wire.head()
      const bytes = Buffer.from(whole)
      for (let at = 0; at < bytes.length; at += 5) {
        await wire.send(bytes.subarray(at, at + 5))
        await wire.wait(1)
      }
      wire.end()
    },
    stream: hello,
  },
  {
    name: 'ends lines with CRLF',
    script: says(whole.replaceAll('\n', '\r\n')),
    stream: hello,
  },
  {
    name: 'ends lines with CR, after a byte order mark',
    script: says(`\ufeff${whole.replaceAll('\n', '\r')}`),
    stream: hello,
  },
  {
    name: 'ends without [DONE]',
    script: says(role, text('hello'), finish),
    stream: hello,
  },
  {
    name: 'finishes twice',
    script: says(role, text('hello'), finish, finish, done),
    stream: hello,
  },
  {
    name: 'continues after [DONE]',
    script: says(whole, text(' world'), finish, done),
    stream: hello,
  },
  {
    name: 'stays open after [DONE]',
    async script(wire) {
      wire.head()
      await wire.send(whole)
      await wire.wait(10_000)
    },
    stream: hello,
  },
  {
    name: 'resets after the finish reason',
    async script(wire) {
      await begin(wire, 'hello')
      await wire.send(finish)
      await wire.wait(30)
      wire.reset()
    },
    stream: hello,
  },
  {
    name: 'stalls after the finish reason',
    async script(wire) {
      await begin(wire, 'hello')
      await wire.send(finish)
      await wire.wait(10_000)
    },
    stream: hello,
  },
  {
    name: 'sends bytes that are not UTF-8',
    async script(wire) {
      wire.head()
      const bytes = Buffer.from(whole)
      bytes[bytes.indexOf('hello') + 1] = 0xff
      await wire.send(bytes)
      wire.end()
    },
    stream: '200 "h\ufffdllo" end_turn',
    two: '200 "h\ufffdllo" end_turn',
  },
  {
    name: 'sends a lone surrogate',
    script: says(
      role,
      event('{"choices":[{"index":0,"delta":{"content":"h\\ud83d"}}]}'),
      finish,
      done,
    ),
    stream: '200 "h\ufffd" end_turn',
    two: '200 "h\ufffd" end_turn',
  },
  {
    name: 'has fields named like prototype members',
    script: says(
      role,
      event(
        '{"__proto__":{"choices":[]},"choices":[{"index":0,"delta":{"__proto__":{"content":"x"},"content":"hello"}}]}',
      ),
      finish,
      done,
    ),
    stream: hello,
  },
]
