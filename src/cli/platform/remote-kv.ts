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
import type { Finished, RunWrangler } from './wrangler.ts'

const listed = z.array(z.object({ name: z.string(), metadata: z.optional(z.unknown()) }))

const rateLimited = /\b429\b|too many requests|rate limit|code: 10048/i
const missing = /\b10009\b|key not found/i

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

/** Returns Wrangler's stdout. Throws a UserError with its error output. */
async function runKv(run: RunWrangler, verb: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(['kv', 'key', verb, ...args])
  if (code !== 0) {
    throw new UserError(describe(verb, args[0] ?? '', { code, stdout, stderr }))
  }
  return stdout
}

/** What Wrangler's errors mean, and what to do about them. */
const knownErrors: readonly [RegExp, string][] = [
  [
    rateLimited,
    'KV allows one write per second to a key, and 1,000 writes per day on the Free plan. Try again later.',
  ],
  [
    /CLOUDFLARE_API_TOKEN|not (?:authenticated|logged in)|authentication error|unable to authenticate|access token|code: (?:10000|10001|9109)\b/i,
    'Wrangler is not logged in to Cloudflare, or its token lacks the permission "Workers KV Storage: Edit". Run npx wrangler login, or set CLOUDFLARE_API_TOKEN.',
  ],
  [
    /more than one account/i,
    'The login has several accounts. Set CLOUDFLARE_ACCOUNT_ID to the one of the gateway.',
  ],
  [
    /namespace[^\n]*(?:not found|not (?:been )?(?:configured|provisioned)|no id)|could ?n[o']t find[^\n]*(?:namespace|binding)|code: 10013\b/i,
    'The account has no such KV namespace yet: it is created by the first npm run deploy.',
  ],
  [
    /fetch failed|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|network/i,
    "Cloudflare's API could not be reached. Check the network and try again.",
  ],
]

/** Characters of Wrangler's own output that an error repeats. */
const maxOutput = 600

function describe(verb: string, key: string, { stdout, stderr }: Finished): string {
  const output = `${stderr}\n${stdout}`.trim()
  const known = knownErrors.find(([pattern]) => pattern.test(output))?.[1]
  const next = known ?? 'Check the account with npx wrangler whoami.'
  return `KV of the account: ${verb} ${key} failed. ${next}\nWrangler's output: ${output.slice(0, maxOutput)}`
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
