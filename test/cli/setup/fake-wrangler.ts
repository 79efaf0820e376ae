/** Wrangler with an account in memory, as far as the setup calls it. */
import { readFile, writeFile } from 'node:fs/promises'

import type { Entry } from '../../../src/cli/platform/remote-kv.ts'
import type { Finished, RunWrangler } from '../../../src/cli/platform/wrangler.ts'
import type { PutOptions } from '../../../src/platform/key-value.ts'

/** Thrown in place of the end of a process that is killed. */
export class Killed extends Error {
  override readonly name = 'Killed'
}

export class FakeWrangler {
  login: object = { loggedIn: true, accounts: [{ id: 'acc-1', name: 'Acme' }] }
  readonly secrets = new Map<string, string>()
  readonly kv = {
    KEYS: new Map<string, { value: string } & PutOptions>(),
    CATALOG: new Map<string, { value: string } & PutOptions>(),
  }
  /** The calls so far: `deploy`, `secret put`, … */
  readonly calls: string[] = []
  /** Error output of calls that fail, by their first two words. */
  readonly failures = new Map<string, string>()
  /** The call at which the process is killed, and whether the account has changed by then. */
  killAt: { call: number; when: 'before' | 'after' } | undefined

  readonly run: RunWrangler = async (args, options = {}) => {
    const call = this.calls.length
    const verb = args.slice(0, args[0] === 'kv' ? 3 : args[0] === 'secret' ? 2 : 1).join(' ')
    this.calls.push(verb)
    const isKilled = this.killAt?.call === call
    if (isKilled && this.killAt?.when === 'before') {
      throw new Killed(verb)
    }
    const stderr = this.failures.get(verb)
    const finished: Finished =
      stderr === undefined
        ? await this.#answer(verb, args, options)
        : { code: 1, stdout: '', stderr }
    if (isKilled) {
      throw new Killed(verb)
    }
    return finished
  }

  async #answer(
    verb: string,
    args: readonly string[],
    { input = '', env = {} }: NonNullable<Parameters<RunWrangler>[1]>,
  ): Promise<Finished> {
    switch (verb) {
      case 'whoami':
        return done(this.login)
      case 'deploy': {
        const targets = ['https://messages-gateway.acme.workers.dev']
        const entry = { type: 'deploy', worker_name: 'messages-gateway', targets }
        await writeFile(env['WRANGLER_OUTPUT_FILE_PATH'] ?? '', `${JSON.stringify(entry)}\n`)
        return done('')
      }
      case 'secret list':
        return done([...this.secrets.keys()].map((name) => ({ name })))
      case 'secret put':
        this.secrets.set(args[2] ?? '', input)
        return done('')
      default:
        return this.#answerKv(verb, args)
    }
  }

  async #answerKv(verb: string, args: readonly string[]): Promise<Finished> {
    const option = (name: string): string | undefined => args[args.indexOf(name) + 1]
    const entries = this.kv[option('--binding') === 'KEYS' ? 'KEYS' : 'CATALOG']
    const name = args[3] ?? ''
    switch (verb) {
      case 'kv bulk put': {
        const all: Entry[] = JSON.parse(await readFile(name, 'utf8'))
        all.forEach(({ key, ...rest }) => entries.set(key, rest))
        return done('')
      }
      case 'kv key put':
        entries.set(name, {
          value: await readFile(option('--path') ?? '', 'utf8'),
          ...(args.includes('--metadata')
            ? { metadata: JSON.parse(option('--metadata') ?? '') }
            : {}),
        })
        return done('')
      case 'kv key list': {
        const prefix = option('--prefix') ?? ''
        const found = [...entries].filter(([key]) => key.startsWith(prefix))
        return done(found.map(([key, { metadata }]) => ({ name: key, metadata })))
      }
      default: {
        const value = entries.get(name)?.value
        return value === undefined
          ? {
              code: 1,
              stdout: '',
              stderr: `Failed to fetch https://a/values/${name} - 404: Not Found`,
            }
          : done(value)
      }
    }
  }
}

function done(output: unknown): Finished {
  const stdout = typeof output === 'string' ? output : JSON.stringify(output)
  return { code: 0, stdout, stderr: '' }
}
