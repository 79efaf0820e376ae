/**
 * KV of the deployed gateway, by way of `wrangler kv key …`: it knows the account and finds a namespace
 * by its binding, also where wrangler.toml has no id because `deploy` made the namespace.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import * as z from 'zod/mini'

import type { KeyValue, PutOptions } from '../../platform/key-value.ts'
import type { Namespace } from './local-state.ts'
import { withRetry } from './retry.ts'
import { UserError } from './stop.ts'
import type { Finished, RunWrangler } from './wrangler.ts'

const listed = z.array(z.object({ name: z.string(), metadata: z.optional(z.unknown()) }))

const rateLimited = /\b429\b|too many requests|rate limit|code: 10048/i
const missing = /\b10009\b|key not found/i

/** A namespace of the account; `waits` in milliseconds between tries that KV's write rate refused. */
export function openRemoteKv(
  namespace: Namespace,
  run: RunWrangler,
  waits: readonly number[] = [1500, 3000, 6000],
  say: (line: string) => void = (line) => console.error(line),
): KeyValue {
  const command = (verb: string, ...args: string[]): Promise<string> =>
    withRetry(() => runKv(run, verb, [...args, '--binding', namespace, '--remote']), {
      waits,
      passes: (error) => error instanceof UserError && rateLimited.test(error.message),
      onWait: (waitMs) =>
        say(
          `KV takes one write a second per name, and ${args[0] ?? verb} was refused; trying again in ${waitMs / 1000} s.`,
        ),
    })
  return {
    get: async (key) => {
      try {
        return await command('get', key)
      } catch (error) {
        if (error instanceof UserError && missing.test(error.message)) {
          return null
        }
        throw error
      }
    },
    put: (key, value, options = {}) =>
      withFile(value, async (path) => {
        await command('put', key, '--path', path, ...toFlags(options))
      }),
    list: async ({ prefix }) => {
      const keys = listed.parse(JSON.parse(await command('list', '--prefix', prefix)))
      return { keys, list_complete: true }
    },
  }
}

/** What wrangler printed. Throws a UserError that holds its complaint. */
async function runKv(run: RunWrangler, verb: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(['kv', 'key', verb, ...args])
  if (code !== 0) {
    throw new UserError(describe(verb, args[0] ?? '', { code, stdout, stderr }))
  }
  return stdout
}

function describe(verb: string, key: string, { stdout, stderr }: Finished): string {
  const said = `${stderr}\n${stdout}`.trim()
  const hint = rateLimited.test(said)
    ? 'KV takes one write a second per key, and 1,000 a day on the Free plan; try again later.\n'
    : ''
  return `wrangler kv key ${verb} failed for ${key}.\n${hint}${said}`
}

function toFlags({ metadata, expiration }: PutOptions): string[] {
  return [
    ...(metadata === undefined ? [] : ['--metadata', JSON.stringify(metadata)]),
    ...(expiration === undefined ? [] : ['--expiration', String(expiration)]),
  ]
}

/** By a file, since an argument is too short for a catalogue. Readable by nobody else. */
async function withFile(text: string, use: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'messages-gateway-'))
  try {
    const path = join(folder, 'value')
    await writeFile(path, text, { mode: 0o600 })
    await use(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
