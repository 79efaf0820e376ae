/** What goes wrong before an answer has a head, and errors that have one. */
import { error, refuse } from '../chat.ts'
import type { Fault } from './fault.ts'

const page = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>'
const html = { 'content-type': 'text/html' }

export const beforeHead: Fault[] = [
  {
    name: 'resets immediately',
    script: (wire) => wire.reset(),
    stream: '502 api_error',
    asked: 2,
  },
  {
    name: 'closes without a response',
    script: (wire) => wire.cut(),
    stream: '502 api_error',
    asked: 2,
  },
  {
    name: 'does not speak HTTP',
    script(wire) {
      wire.raw('hello\r\n\r\n')
      wire.cut()
    },
    stream: '502 api_error',
    asked: 2,
  },
  {
    name: 'resets within its headers',
    async script(wire) {
      wire.raw('HTTP/1.1 200 OK\r\ncontent-ty')
      await wire.wait(20)
      wire.reset()
    },
    stream: '502 api_error',
    asked: 2,
  },
  {
    name: 'never responds',
    script: (wire) => wire.wait(10_000),
    stream: '504 timeout_error',
  },
  {
    name: 'sends its headers byte by byte',
    async script(wire) {
      wire.raw('HTTP/1.1 200 OK\r\n')
      for (let at = 0; !wire.closed; at += 1) {
        wire.raw(`x-${at}: y\r\n`)
        await wire.wait(50)
      }
    },
    stream: '504 timeout_error',
  },
  {
    name: 'redirects to another path',
    script: (wire) => refuse(wire, 307, '', { location: '/v1/other' }),
    stream: '502 api_error',
  },
  {
    name: 'redirects to another host',
    script: (wire) => refuse(wire, 302, '', { location: 'http://localhost:1/v1' }),
    stream: '502 api_error',
  },
]

export const statuses: Fault[] = [
  {
    name: 'is rate limited for long',
    script: (wire) => refuse(wire, 429, error('slow down'), { 'retry-after': '30' }),
    stream: '429 rate_limit_error',
  },
  {
    name: 'is rate limited for a second',
    async script(wire) {
      const isFirst = wire.headers['x-again'] === undefined
      await refuse(wire, isFirst ? 429 : 500, error('slow down'), { 'retry-after': '1' })
    },
    stream: '429 rate_limit_error',
    asked: 2,
  },
  {
    name: 'has a timeout of its own',
    script: (wire) => refuse(wire, 408, error('timeout')),
    stream: '504 timeout_error',
  },
  {
    name: 'has an internal error',
    script: (wire) => refuse(wire, 500, error('oops')),
    stream: '500 api_error',
  },
  {
    name: 'is a proxy without a backend',
    script: (wire) => refuse(wire, 502, page, html),
    stream: '502 api_error',
  },
  {
    name: 'is down for maintenance',
    script: (wire) => refuse(wire, 503, 'gone fishing', html),
    stream: '529 overloaded_error',
  },
  {
    name: 'is overloaded',
    script: (wire) => refuse(wire, 529, error('Overloaded')),
    stream: '529 overloaded_error',
  },
  {
    name: 'is a CDN that timed out',
    script: (wire) => refuse(wire, 524, page, html),
    stream: '504 timeout_error',
  },
  {
    name: 'rejects the gateway’s key',
    script: (wire) => refuse(wire, 401, error('Incorrect API key')),
    stream: '500 api_error',
  },
  {
    name: 'has no credit left',
    script: (wire) => refuse(wire, 402, error('Insufficient Balance')),
    stream: '500 api_error',
  },
  {
    name: 'forbids the gateway’s key',
    script: (wire) => refuse(wire, 403, error('forbidden')),
    stream: '500 api_error',
  },
  {
    name: 'does not have the model',
    script: (wire) =>
      refuse(wire, 404, error('The model does not exist', { code: 'model_not_found' })),
    stream: '404 not_found_error',
  },
  {
    name: 'finds the request invalid',
    script: (wire) => refuse(wire, 400, error('temperature must be under 2')),
    stream: '400 invalid_request_error',
    two: '400 invalid_request_error',
  },
  {
    name: 'finds the request unprocessable',
    script: (wire) => refuse(wire, 422, { detail: [{ loc: ['body'], msg: 'bad' }] }),
    stream: '400 invalid_request_error',
    two: '400 invalid_request_error',
  },
  {
    name: 'finds the request too large',
    script: (wire) => refuse(wire, 413, error('too large')),
    stream: '413 request_too_large',
    two: '413 request_too_large',
  },
  {
    name: 'never ends its error body',
    async script(wire) {
      wire.head(500, { 'content-type': 'application/json' })
      await wire.send('{"error":{"mess')
      await wire.wait(10_000)
    },
    stream: '500 api_error',
  },
  {
    name: 'resets within its error body',
    async script(wire) {
      wire.head(500, { 'content-type': 'application/json' })
      await wire.send('{"error":{"mess')
      wire.reset()
    },
    stream: '500 api_error',
  },
]
