/**
 * KV of the deployed gateway, through `wrangler kv key …`: Wrangler knows the account and finds a
 * namespace by its binding, even if wrangler.toml has no id because `deploy` created the namespace.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import * as z from 'zod/mini'

import type { KeyValue, PutOptions } from '../../platform/key-value.ts'
import type { Namespace } from './local-state.ts'
import { withRetry } from './retry.ts'
import { UserError } from './run-command.ts'
import { describeFailure, rateLimited } from './wrangler-error.ts'
import type { RunWrangler } from './wrangler.ts'

const listed = z.array(z.object({ name: z.string(), metadata: z.optional(z.unknown()) }))

/** Wrangler repeats either Cloudflare's error or only its status. */
const missing = /\b10009\b|key not found|\/values\/\S* - 404\b/i

const permission = 'Workers KV Storage: Edit'

/** Opens a namespace of the account. `waits` are the delays in milliseconds between writes that KV's rate limit rejected. */
export function openRemoteKv(
  namespace: Namespace,
  run: RunWrangler,
  waits: readonly number[] = [1500, 3000, 6000],
  log: (line: string) => void = (line) => console.error(line),
): KeyValue {
  const command = (verb: string, ...args: string[]): Promise<string> =>
    withRetry(() => runKv(run, verb, [...args, '--binding', namespace, '--remote']), {
      waits,
      isTransient: (error) => error instanceof UserError && rateLimited.test(error.message),
      onWait: (waitMs) =>
        log(
          `KV allows one write per second to a key; retrying ${args[0] ?? verb} in ${waitMs / 1000} s.`,
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

/** An entry of {@link putEntries}. */
export interface Entry extends PutOptions {
  key: string
  value: string
}

/** Writes several entries at once, none of which exists. Throws a UserError. */
export async function putEntries(
  run: RunWrangler,
  namespace: Namespace,
  entries: readonly Entry[],
): Promise<void> {
  await withFile(JSON.stringify(entries), async (path) => {
    const finished = await run(['kv', 'bulk', 'put', path, '--binding', namespace, '--remote'])
    if (finished.code !== 0) {
      throw new UserError(describeFailure('KV of the account: bulk put', permission, finished))
    }
  })
}

/** Returns Wrangler's stdout. Throws a UserError with its error output. */
async function runKv(run: RunWrangler, verb: string, args: readonly string[]): Promise<string> {
  const finished = await run(['kv', 'key', verb, ...args])
  if (finished.code !== 0) {
    const what = `KV of the account: ${verb} ${args[0] ?? ''}`
    throw new UserError(describeFailure(what, permission, finished))
  }
  return finished.stdout
}

function toFlags({ metadata, expiration }: PutOptions): string[] {
  return [
    ...(metadata === undefined ? [] : ['--metadata', JSON.stringify(metadata)]),
    ...(expiration === undefined ? [] : ['--expiration', String(expiration)]),
  ]
}

/** Passes a value in a temporary file that only this user can read: a catalog is too long for an argument. */
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
