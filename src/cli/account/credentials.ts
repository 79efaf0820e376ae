/**
 * The keys of gateways at which this user has signed in: one file that only the user can read. It is changed
 * under a lock, since clients ask for a key in parallel, and a refresh token is good for one use.
 */
import { chmod, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import * as z from 'zod/mini'

import { UserError } from '../platform/run-command.ts'

const credential = z.object({
  access_token: z.string(),
  refresh_token: z.optional(z.string()),
  email: z.optional(z.string()),
  /** Epoch milliseconds. */
  issued_at: z.number(),
  expires_at: z.number(),
})

/** The tokens of one gateway. */
export type Credential = z.infer<typeof credential>

const stored = z.object({
  /** The gateway that is meant where none is named: the latest at which the user signed in. */
  default: z.optional(z.string()),
  /** The credentials by the gateway's origin. */
  gateways: z.record(z.string(), credential),
})

/** The tokens of all gateways, by base URL. */
export type Credentials = z.infer<typeof stored>

/** A lock that is older is left over from a process that was killed, in milliseconds. */
const staleMs = 60_000
const retryMs = 50

/** The file, by the convention of the platform. */
export function credentialsFile(): string {
  const folder = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config')
  return join(folder, 'messages-gateway', 'credentials.json')
}

/** Reads the file; empty if there is none. Throws a UserError for one that is damaged. */
export async function readCredentials(file: string): Promise<Credentials> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return '{"gateways":{}}'
    }
    throw error
  })
  try {
    return stored.parse(JSON.parse(text))
  } catch {
    throw new UserError(`${file} is corrupt. Delete it and sign in again.`)
  }
}

/** Changes the file while no other process does; returns what `change` returns beside the new contents. */
export async function changeCredentials<Value>(
  file: string,
  change: (known: Credentials) => Promise<{ next: Credentials; value: Value }>,
): Promise<Value> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const lock = `${file}.lock`
  await acquire(lock)
  try {
    const { next, value } = await change(await readCredentials(file))
    const draft = `${file}.${process.pid}`
    await writeFile(draft, JSON.stringify(next, null, 2), { mode: 0o600 })
    await chmod(draft, 0o600)
    await rename(draft, file)
    return value
  } finally {
    await rm(lock, { force: true })
  }
}

async function acquire(lock: string): Promise<void> {
  for (;;) {
    try {
      await (await open(lock, 'wx', 0o600)).close()
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
        throw error
      }
    }
    // Gone, if the other process has just ended.
    const since = await stat(lock).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.NaN,
    )
    if (Date.now() - since > staleMs) {
      await rm(lock, { force: true })
    } else {
      await setTimeout(retryMs)
    }
  }
}
