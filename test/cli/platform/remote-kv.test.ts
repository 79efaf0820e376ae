import { readFile } from 'node:fs/promises'

import { describe, expect, test } from 'vitest'

import { openRemoteKv } from '../../../src/cli/platform/remote-kv.ts'
import { UserError } from '../../../src/cli/platform/run-command.ts'
import type { Finished } from '../../../src/cli/platform/wrangler.ts'

const done: Finished = { code: 0, stdout: '', stderr: '' }

/** A wrangler that gives prepared answers, one a call, and what it was called with. */
function wrangler(...answers: Partial<Finished>[]) {
  const calls: string[][] = []
  const written: string[] = []
  const said: string[] = []
  const kv = openRemoteKv(
    'KEYS',
    async (args) => {
      calls.push([...args])
      const at = args.indexOf('--path')
      if (at !== -1) {
        written.push(await readFile(args[at + 1] ?? '', 'utf8'))
      }
      return { ...done, ...answers[calls.length - 1] }
    },
    [0, 0],
    (line) => said.push(line),
  )
  return { kv, calls, written, said }
}

const rateLimit = { code: 1, stderr: '✘ [ERROR] 429 Too Many Requests [code: 10048]' }

describe('KV of the account, through wrangler', () => {
  test('put to remote KV passes the value in a file, with metadata and expiration', async () => {
    const { kv, calls, written } = wrangler()
    await kv.put('id:a', '{"x":1}', { metadata: { name: 'ci' }, expiration: 1_800_000_000 })
    expect(written).toEqual(['{"x":1}'])
    const [args = []] = calls
    expect(args.filter((_, index) => index !== args.indexOf('--path') + 1)).toEqual([
      'kv',
      'key',
      'put',
      'id:a',
      '--path',
      '--metadata',
      '{"name":"ci"}',
      '--expiration',
      '1800000000',
      '--binding',
      'KEYS',
      '--remote',
    ])
    await expect(readFile(args[5] ?? '', 'utf8')).rejects.toThrow('ENOENT')
  })

  test('get from remote KV returns the value, or null for a missing key', async () => {
    const { kv, calls } = wrangler(
      { stdout: '{"a":1}' },
      { code: 1, stderr: "✘ [ERROR] get: 'key not found' [code: 10009]" },
    )
    expect(await kv.get('key:a')).toBe('{"a":1}')
    expect(await kv.get('key:b')).toBeNull()
    expect(calls[0]).toEqual(['kv', 'key', 'get', 'key:a', '--binding', 'KEYS', '--remote'])
  })

  test('list of remote KV returns all keys with metadata in one page', async () => {
    const keys = [{ name: 'id:a', metadata: { name: 'ci' } }, { name: 'id:b' }]
    const { kv } = wrangler({ stdout: JSON.stringify(keys, null, 2) })
    expect(await kv.list({ prefix: 'id:' })).toEqual({ keys, list_complete: true })
  })

  test('put to remote KV retries after a delay when KV rejects the rate of writes', async () => {
    const { kv, calls, said } = wrangler(rateLimit, rateLimit, {})
    await kv.put('a', 'b')
    expect(calls).toHaveLength(3)
    const sentence = 'KV allows one write per second to a key; retrying a in 0 s.'
    expect(said).toEqual([sentence, sentence])
  })

  test('put to remote KV fails with a message about the write rate after the last retry', async () => {
    const { kv, calls } = wrangler(rateLimit, rateLimit, rateLimit)
    await expect(kv.put('a', 'b')).rejects.toThrow('KV allows one write per second to a key')
    expect(calls).toHaveLength(3)
  })

  test.each([
    ['In a non-interactive environment, set a CLOUDFLARE_API_TOKEN', 'npx wrangler login'],
    ['Authentication error [code: 10000]', 'npx wrangler login'],
    ['More than one account available but unable to select one', 'CLOUDFLARE_ACCOUNT_ID'],
    [
      'A KV Namespace with binding name "KEYS" was not found in the configuration',
      'npm run deploy',
    ],
    ['get: namespace not found [code: 10013]', 'npm run deploy'],
    ['TypeError: fetch failed', 'could not be reached'],
    ['something new', 'npx wrangler whoami'],
  ])('the Wrangler error %j has advice on what to do next', async (stderr, next) => {
    const { kv } = wrangler({ code: 1, stderr })
    const error = await kv.get('a').catch((cause: unknown) => cause)
    expect(String(error)).toMatch(/^UserError: KV of the account: get a failed\. /)
    expect(String(error)).toContain(next)
    expect(String(error)).toContain(stderr)
  })

  test('any other error of Wrangler is reported without a retry', async () => {
    const { kv, calls } = wrangler({ code: 1, stderr: 'You are not logged in.' })
    const error = await kv.get('a').catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(UserError)
    expect(String(error)).toContain('You are not logged in.')
    expect(calls).toHaveLength(1)
  })
})
