/** `npm run conformance` as a person runs it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { checks } from '../../src/cli/conformance/checks/index.ts'
import type { Gateway } from './run.ts'
import { run, startGateway } from './run.ts'

const timeout = 60_000

describe('npm run conformance', { timeout }, () => {
  test('npm run conformance prints the list of checks', async () => {
    const { code, stdout } = await run('conformance', '--list')
    expect(code).toBe(0)
    expect(
      checks.filter(
        ({ id, title }) => !new RegExp(`^${id} +`, 'm').test(stdout) || !stdout.includes(title),
      ),
    ).toEqual([])
  })

  test('npm run conformance prints what it will use, and sends nothing without a terminal to confirm', async () => {
    const { code, stderr } = await run(
      'conformance',
      '--model',
      'm',
      '--price',
      '3/15',
      '--url',
      'http://127.0.0.1:1',
      '--key',
      'k',
    )
    expect(code).toBe(2)
    expect(stderr).toContain(`${checks.length} checks of m`)
    expect(stderr).toMatch(
      /^\d+ checks of m: about \d+ input and \d+ output tokens, about \$0\.\d+\.$/m,
    )
    expect(stderr).toContain('Nothing was sent. Use --yes to start without a terminal.')
  })

  test.each([
    [
      'a check that does not exist',
      ['--model', 'm', '--only', 'text,nothing'],
      'Unknown check nothing.',
    ],
    ['no model', [], '--model is required.'],
    ['no key', ['--model', 'm', '--url', 'http://127.0.0.1:1', '--yes'], '--url requires a key'],
    [
      'a limit on cost without a price',
      ['--model', 'm', '--max-cost', '1'],
      '--max-cost requires a price',
    ],
    ['an invalid price', ['--model', 'm', '--price', 'cheap'], '--price must be USD per million'],
  ])('npm run conformance exits with 2 for %s', async (_, args, message) => {
    const { code, stderr } = await run('conformance', ...args)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })

  test('npm run conformance does not begin above the limit on cost', async () => {
    const { code, stderr } = await run(
      'conformance',
      '--model',
      'm',
      '--price',
      '3/15',
      '--max-cost',
      '0.01',
      '--yes',
    )
    expect(code).toBe(1)
    expect(stderr).toContain('That exceeds --max-cost.')
  })

  test('npm run conformance exits with 1 where an endpoint fails, and still prints the table', async () => {
    const { code, stdout, stderr } = await run(
      'conformance',
      '--model',
      'm',
      '--url',
      'http://127.0.0.1:1',
      '--key',
      'k',
      '--only',
      'text.reply',
      '--yes',
    )
    expect(code).toBe(1)
    expect(stdout).toMatch(/^text\.reply +failed/m)
    expect(stderr).toContain('1 checks failed.')
  })
})

describe('npm run conformance on npm start', { timeout }, () => {
  let folder: string
  let gateway: Gateway

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'messages-gateway-conformance-test-'))
    gateway = await startGateway('--state', folder)
  }, timeout)

  afterAll(async () => {
    await gateway.terminate()
    await rm(folder, { recursive: true, force: true })
  }, timeout)

  test('npm run conformance on npm start prints results and score, and writes the report', async () => {
    const file = join(folder, 'report.json')
    const { url, key } = gateway
    const { code, stdout } = await run(
      'conformance',
      '--url',
      url,
      '--key',
      key,
      '--model',
      'claude-demo',
      '--only',
      'text.reply,streaming.text,faults.garbage',
      '--json',
      file,
      '--name',
      'demo',
      '--yes',
    )
    expect(stdout).toMatch(/^text\.reply +full +answers a prompt with text$/m)
    expect(stdout).toContain('Score 100 %: 2 full, 1 skipped.')
    expect(code).toBe(0)
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      version: 1,
      name: 'demo',
      model: 'claude-demo',
      score: 100,
      counts: { full: 2, skipped: 1, failed: 0 },
      results: [{ id: 'text.reply' }, { id: 'streaming.text' }, { id: 'faults.garbage' }],
    })
  })
})
