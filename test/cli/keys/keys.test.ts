/** The commands over keys as an operator of many people runs them, against a running gateway and without one. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Gateway } from '../run.ts'
import { ask, run, startGateway } from '../run.ts'

/** Generous, for a machine under load. */
const timeout = 120_000

let folder: string
let state: string
let gateway: Gateway

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'messages-gateway-test-'))
  state = join(folder, 'state')
  gateway = await startGateway('--state', state)
}, timeout)

afterAll(async () => {
  await gateway.interrupt()
  await rm(folder, { recursive: true, force: true })
}, timeout)

function keys(...args: string[]) {
  return run('keys', ...args, '--state', state)
}

async function write(name: string, text: string): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, text)
  return file
}

/** Id and key of each person. */
const people = new Map<string, { id: string; key: string }>()

describe('the commands over keys', { timeout }, () => {
  test('the commands over keys create a key for each line of a file, in groups and with limits', async () => {
    expect((await keys('groups', 'create', '--name', 'search', '--budget', '50/month')).code).toBe(
      0,
    )
    const file = await write(
      'people.csv',
      '\uFEFFname,group,budget,metadata.office,models\r\n' +
        'alice@example.com,search,5/day;100/month,Berlin,\r\n' +
        '"Jr., ""Bob""",search,,,"claude-*,demo"\r\n' +
        '\r\ncarol,,,Paris,\r\n',
    )
    const made = await keys('create', '--from', file, '--budget', '2/week', '--rpm', '60')
    expect(made.code).toBe(0)
    const [head, ...lines] = made.stdout.trim().split('\n')
    expect(head).toBe('name,id,key')
    for (const line of lines) {
      const [, name = '', id = '', key = ''] = /^(.*),([a-z2-7]{10}),(gw-\w+-\w+)$/.exec(line) ?? []
      people.set(name, { id, key })
      expect(await ask(gateway, key)).toBe(200)
    }
    expect([...people.keys()]).toEqual(['alice@example.com', '"Jr., ""Bob"""', 'carol'])
    const shown = await keys('show', people.get('alice@example.com')?.id ?? '', '--json')
    expect(JSON.parse(shown.stdout)).toMatchObject({
      metadata: { office: 'Berlin' },
      limits: {
        rpm: 60,
        budgets: [
          { usd: 5, period: 'day' },
          { usd: 100, period: 'month' },
        ],
      },
    })
  })

  test('the commands over keys name every line of a file that is at fault, and then create nothing', async () => {
    const file = await write(
      'faults.csv',
      'name,budget,group,expires,x\ndave,5/day,,,\ndave,5,,,\n,,,,\neve,,nobody,,\nfay,,,yesterday,\n,1/day,,,\n',
    )
    const { code, stdout, stderr } = await keys('create', '--from', file)
    expect([code, stdout]).toEqual([2, ''])
    const at = (line: number): RegExp => new RegExp(`^${file}:${line}: `, 'm')
    for (const line of [1, 3, 5, 6, 7]) {
      expect(stderr).toMatch(at(line))
    }
    expect(stderr).not.toMatch(at(2))
    expect((await keys('list')).stdout).not.toContain('dave')
  })

  test('the commands over keys skip people who have a key already, so that a file can be used again', async () => {
    const file = await write('more.csv', 'name\ncarol\ndave\n')
    const { stdout } = await keys('create', '--from', file, '--skip-existing')
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(',')[0]),
    ).toEqual(['name', 'dave'])
  })

  test('the commands over keys list groups and what is spent of budgets', async () => {
    const { stdout } = await keys('list')
    expect(stdout).toMatch(/alice@example\.com +search +active .*day 0\.00\/5, month 0\.00\/100/)
    expect((await keys('groups', 'list')).stdout).toMatch(/search +active .*month 0\.00\/50/)
  })

  test('the commands over keys correct a charge while the gateway runs, and its next request counts it', async () => {
    const { id = '', key = '' } = people.get('alice@example.com') ?? {}
    expect((await keys('adjust', id, '--usd', '5', '--why', 'used elsewhere')).code).toBe(0)
    expect(await ask(gateway, key)).toBe(429)
    expect((await keys('adjust', id, '--usd', '-4.5', '--why', 'half of it')).code).toBe(0)
    expect(await ask(gateway, key)).toBe(200)
    const shown = await keys('groups', 'show', 'search', '--json')
    expect(JSON.parse(shown.stdout)).toMatchObject({
      budgets: [{ spent_usd: 0.5 }],
      adjustments: [
        { usd: 5, key: id },
        { usd: -4.5, key: id, why: 'half of it' },
      ],
    })
  })

  test('the commands over keys release requests through the gateway that runs on the state', async () => {
    const { id = '' } = people.get('carol') ?? {}
    expect(await keys('release', id, '--json')).toMatchObject({
      code: 0,
      stdout: '{"released":[]}\n',
    })
    expect((await keys('release', 'zzzzzzzzzz')).code).toBe(1)
  })

  test('the commands over keys report usage by group, by key and model, and by session', async () => {
    const usage = async (by: string): Promise<unknown[]> =>
      JSON.parse((await run('usage', '--by', by, '--json', '--state', state)).stdout)
    expect(await usage('group')).toMatchObject([
      { group: '', group_name: null, requests: 1 },
      { group: expect.any(String), group_name: 'search', requests: 3, cost_usd: '0.5' },
    ])
    const rows = await usage('key,model')
    expect(rows).toContainEqual(
      expect.objectContaining({ name: 'alice@example.com', model: 'claude-demo', requests: 2 }),
    )
    expect(await usage('session')).toMatchObject([
      { session: 'a-session', agent: null, requests: 4 },
    ])
  })

  test('the commands over keys export everything, and import it where nothing is, with the same usage', async () => {
    const [file, other] = [join(folder, 'export.jsonl'), join(folder, 'other')]
    expect(await keys('export', '--file', file)).toMatchObject({ code: 0, stdout: '' })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(file, 'utf8')).toMatch(/^\{"type":"messages-gateway-export","version":1,/)
    const imported = await run('keys', 'import', file, '--state', other)
    expect(imported.stdout).toMatch(
      /: \d+ keys and groups created, 0 changed, 0 unchanged; \d+ rows/,
    )
    const again = await run('keys', 'import', file, '--state', other, '--json')
    expect(JSON.parse(again.stdout)).toMatchObject({ created: 0, changed: 0 })
    const args = ['--by', 'key,group,model', '--json', '--state']
    expect((await run('usage', ...args, other)).stdout).toBe(
      (await run('usage', ...args, state)).stdout,
    )
  })

  test('the commands over keys import nothing of a file with a fault, and name its line', async () => {
    const head =
      '{"type":"messages-gateway-export","version":1,"exported_at":"2026-11-28T00:00:00Z"}'
    for (const [text, message] of [
      ['{"x":1}', ':1: not an export of keys'],
      [head.replace('1', '2'), ':1: version 2 is newer'],
      [`${head}\n{"type":"key"`, ':2: not valid JSON'],
      [`${head}\n\n{"type":"key","id":"?","secrets":[]}`, ':3: id: '],
    ] as const) {
      const { code, stderr } = await keys('import', await write('bad.jsonl', text))
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
    }
  })

  test('the commands over keys exit with 2 for an invalid command line, and with 1 for what cannot be done', async () => {
    const codes = await Promise.all(
      [
        ['create'],
        ['create', '--name', 'x', '--nmae', 'y'],
        ['create', '--name', 'x', '--expires', 'yesterday'],
        ['create', '--name', 'x', '--budget', '5'],
        ['adjust', 'zzzzzzzzzz', '--usd', 'x', '--why', 'y'],
        ['show', 'zzzzzzzzzz'],
        ['create', '--name', 'x', '--group', 'nobody'],
        ['groups', 'delete', 'search'],
        ['--help'],
      ].map(
        async (args) =>
          (await run('keys', ...args, ...(args[0] === '--help' ? [] : ['--state', state]))).code,
      ),
    )
    expect(codes).toEqual([2, 2, 2, 2, 2, 1, 1, 1, 0])
  })
})
