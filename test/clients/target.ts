/** A gateway for the clients to talk to: `npm start` on a port and a state of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import * as z from 'zod'

import { keep } from './process.ts'

export interface Target {
  url: string
  key: string
  model: string
}

const ready = z.object({ url: z.string(), key: z.string(), console: z.string() })

export const root = join(import.meta.dirname, '../..')

/** Starts the gateway with a catalog, or the shipped one; `stop` ends it and forgets its state. */
export async function startGateway(
  catalog?: string,
  ...more: string[]
): Promise<{
  url: string
  key: string
  /** A one-time link into the console. */
  console: string
  /** The folder of its state. */
  state: string
  stop: () => Promise<void>
}> {
  const state = await mkdtemp(join(tmpdir(), 'messages-gateway-'))
  const flags = catalog === undefined ? [] : ['--catalog', catalog]
  const gateway = keep({
    program: process.execPath,
    args: [
      join(root, 'src/cli/start.ts'),
      '--port',
      '0',
      '--json',
      '--no-discover',
      '--state',
      state,
      ...flags,
      ...more,
    ],
    cwd: root,
  })
  const stop = async (): Promise<void> => {
    await gateway.stop()
    await rm(state, { recursive: true, force: true })
  }
  try {
    return { ...ready.parse(JSON.parse(await gateway.line())), state, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
