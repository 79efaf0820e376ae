/** Commands and options in the documentation exist, and none is left out of the reference. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

import { describe, expect, test } from 'vitest'

import { pages } from './pages.ts'

const root = resolve(import.meta.dirname, '../..')
const timeout = 60_000

const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
)

/** What `--help` prints, of a program or one of its commands. */
async function helpOf([name = '', ...rest]: readonly string[]): Promise<string> {
  const args = [`src/cli/${name}.ts`, ...rest, '--help']
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    // A start is mostly parsing, which all of these processes share.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'messages-gateway-compile-cache') },
  })
  return stdout
}

interface Help {
  /** The program, and the command of it: `['keys', 'create']`. */
  command: readonly string[]
  text: string
}

/** The help of a program and of each of its commands. */
async function readHelp(command: readonly string[]): Promise<Help[]> {
  const text = await helpOf(command)
  const list = text.split('\nCommands:\n')[1] ?? ''
  const names = [...list.matchAll(/^ {2}(\w[\w-]*)/gm)].map(([, name = '']) => name)
  const nested = names.filter((name) => name !== 'help').map((name) => readHelp([...command, name]))
  return [{ command, text }, ...(await Promise.all(nested)).flat()]
}

function optionsOf(help: string): string[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)]
    .map(([, option = '']) => option)
    .filter((option) => option !== '--help')
}

const programs = [
  'start',
  'account',
  'catalog',
  'keys',
  'usage',
  'smoke',
  'conformance',
  'setup',
  'deploy-button',
]
const reference = pages.find(({ path }) => path === 'docs/reference/cli.md')?.text ?? ''

describe('the reference of commands', { timeout }, () => {
  test.each(programs)(
    'the reference of commands names every command and option of %s',
    async (program) => {
      const help = await readHelp([program])
      const names = help.flatMap(({ command, text }) => [
        ...command.slice(1, 2),
        ...optionsOf(text),
      ])
      expect(names.filter((name) => !reference.includes(`\`${name}`))).toEqual([])
    },
  )
})

describe('shell commands in the documentation', () => {
  test.each(pages)(
    'shell commands in $path call scripts of this project that exist',
    ({ text }) => {
      const called = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
      expect(called.filter((name) => name !== 'NAME' && !Object.hasOwn(scripts, name))).toEqual([])
    },
  )
})
