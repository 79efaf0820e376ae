/** Clients and upstreams that mean harm. */
import { gzipSync } from 'node:zlib'

import { describe, expect, test } from 'vitest'

import type { Bench } from './bench.ts'
import { refuse } from './chat.ts'
import { readOutcome } from './outcome.ts'
import { hello } from './table/fault.ts'
import { answerAsAnthropic } from './table/passed.ts'
import type { Script } from './wire.ts'

const evil = 'a\r\nx-evil: 1\r\n\r\né\u2028"\\'

/** 40 MiB when unpacked. */
const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024, ' '), { level: 1 })

const scripts: Record<string, Script> = {
  'evil-headers': async (wire) => {
    const { head } = wire
    await answerAsAnthropic({
      ...wire,
      head: (status, headers) =>
        head(status, {
          ...headers,
          'set-cookie': 'a=b',
          'x-evil': '1',
          'access-control-allow-origin': 'x',
        }),
    })
  },
  'evil-error': (wire) =>
    refuse(wire, 500, {
      error: { message: `oops\r\n\u001b[31m{"level":"info"}\nsk-secret-0123456789abcdef` },
    }),
  bomb: async (wire) => {
    wire.head(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    await wire.send(bomb)
    wire.end()
  },
}

export function scriptOfHostile(model: string): Script | undefined {
  return scripts[model]
}

async function refusalOf(response: Response): Promise<[number, string]> {
  const { error } = await response.json<{ error: { type: string } }>()
  return [response.status, error.type]
}

const invalid = [400, 'invalid_request_error']

/** A body as bytes. */
function send({ url, key }: Bench, body: BodyInit, headers = {}): Promise<Response> {
  return fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, ...headers },
    body,
  })
}

const message = '"max_tokens":9,"messages":[{"role":"user","content":"hi"}]'

export function testHostile(getBench: () => Bench): void {
  describe.concurrent('a hostile client', () => {
    test('cannot inject a header or a log line by a model name', async () => {
      const { ask, lines } = getBench()
      const response = await ask(`one/${evil}`)
      expect(response.headers.get('x-evil')).toBeNull()
      expect(response.headers.get('gateway-model')).toBeNull()
      expect(await readOutcome(response)).toMatch(/^404 .*not_found_error/)
      const named = await ask(`two/resets at once`)
      expect(named.status).toBe(200)
      expect(lines.filter(({ unreadable }) => unreadable !== undefined)).toEqual([])
    })

    test('cannot pollute prototypes by field names, which arrive unchanged', async () => {
      const bench = getBench()
      const schema =
        '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}}}'
      const body = `{"model":"one/proto","__proto__":{"stream":true},"constructor":{"prototype":{"x":1}},"max_tokens":9,
        "tools":[{"name":"t","input_schema":${schema}}],
        "messages":[{"role":"user","content":"hi"},
        {"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"t","input":{"__proto__":{"polluted":1},"a":1}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"x"}]}]}`
      const response = await send(bench, body)
      expect(await readOutcome(response)).toBe(hello)
      const sent = JSON.stringify(bench.upstream.of('proto')[0]?.body)
      expect(sent).toContain('{\\"__proto__\\":{\\"polluted\\":1},\\"a\\":1}')
      expect(sent).toContain(
        '"properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}}',
      )
    })

    test.each([
      ['arrays', '['.repeat(100_000), ']'.repeat(100_000)],
      ['objects', '{"a":'.repeat(100_000), `1${'}'.repeat(100_000)}`],
      ['a few too many', '['.repeat(300), ']'.repeat(300)],
    ])('is rejected for too deep nesting: %s', async (_, open, close) => {
      const body = `{"model":"one/deep",${message},"metadata":${open}${close}}`
      expect(await refusalOf(await send(getBench(), body))).toEqual(invalid)
    })

    test('is rejected for bytes that are not UTF-8', async () => {
      const bytes = Buffer.from(`{"model":"one/bytes",${message}}`)
      bytes[bytes.indexOf('hi')] = 0xff
      expect(await refusalOf(await send(getBench(), bytes))).toEqual(invalid)
    })

    test('is rejected for too many tools', async () => {
      const tool = (at: number) => ({ name: `t${at}`, input_schema: { type: 'object' } })
      const tools = Array.from({ length: 2001 }, (_, at) => tool(at))
      expect(await refusalOf(await getBench().ask('one/tools', { tools }))).toEqual(invalid)
    })

    test('is rejected for a decompression bomb', async () => {
      const response = await send(getBench(), bomb, { 'content-encoding': 'gzip' })
      expect(await refusalOf(response)).toEqual([413, 'request_too_large'])
    })

    test('cannot choose the upstream’s address or credential by its headers', async () => {
      const { ask, upstream, key } = getBench()
      const more = { base_url: 'http://127.0.0.1:1', provider: 'dead', api_key: 'x' }
      const headers = {
        'x-api-key': key,
        authorization: 'Bearer client',
        'x-base-url': 'http://127.0.0.1:1',
        'x-forwarded-host': 'evil.test',
        cookie: 'a=b',
      }
      const model = 'harmless-ask'
      expect(await readOutcome(await ask(`one/${model}`, more, { headers }))).toBe(hello)
      const [exchange] = upstream.of(model)
      expect(exchange?.body).not.toHaveProperty('base_url')
      const sent = JSON.stringify(exchange?.headers)
      expect(sent).not.toMatch(/Bearer client|evil|a=b|x-base-url/)
      expect(sent).not.toContain(key)
    })
  })

  describe.concurrent('a hostile upstream', () => {
    test('cannot set response headers other than the known ones', async () => {
      const response = await getBench().ask('passed/evil-headers', { stream: true })
      expect(await readOutcome(response)).toBe(hello)
      expect(response.headers.get('request-id')).toBe('req_up')
      for (const name of ['set-cookie', 'x-evil', 'access-control-allow-origin']) {
        expect(response.headers.get(name)).toBeNull()
      }
    })

    test('cannot inject a log line or reveal the gateway’s key', async () => {
      const { ask, lines } = getBench()
      const response = await ask('one/evil-error')
      expect(await response.text()).not.toContain('sk-secret')
      expect(lines.filter(({ unreadable }) => unreadable !== undefined)).toEqual([])
    })

    test('is aborted when it sends a decompression bomb', async () => {
      expect(await readOutcome(await getBench().ask('slow-one/bomb'))).toBe('502 api_error')
    })
  })
}
