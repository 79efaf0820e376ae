/** Which KV a command works on: a local gateway's state, or the account's. */
import type { Command } from 'commander'
import { Option } from 'commander'

import type { KeyValue } from '../../platform/key-value.ts'
import type { Namespace } from './local-state.ts'
import { defaultState, openLocalKv } from './local-state.ts'
import { openRemoteKv } from './remote-kv.ts'
import { UserError } from './stop.ts'
import { runWrangler } from './wrangler.ts'

export interface Place {
  local?: boolean
  remote?: boolean
  state: string
}

/** Adds `--local`, `--remote` and `--state`. */
export function addPlace(command: Command): Command {
  return command
    .option('--local', "work on a local gateway's KV (default)")
    .option(
      '--remote',
      'work on the KV of the deployed gateway, as the account that wrangler is logged in to',
    )
    .addOption(
      new Option('--state <dir>', 'where local KV lives, as for npm start').default(
        defaultState,
        '.gateway',
      ),
    )
}

/** Opens a namespace, and closes it whatever happens. */
export async function withKv<Value>(
  { local, remote, state }: Place,
  namespace: Namespace,
  use: (kv: KeyValue) => Promise<Value>,
): Promise<Value> {
  if (local === true && remote === true) {
    throw new UserError('--local and --remote exclude each other.')
  }
  if (remote === true) {
    return use(openRemoteKv(namespace, runWrangler))
  }
  const { kv, close } = await openLocalKv(state, namespace)
  try {
    return await use(kv)
  } finally {
    await close()
  }
}
