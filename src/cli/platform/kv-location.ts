/** Selects the KV that a command uses: a local gateway's state, or the account's. */
import type { Command } from 'commander'
import { Option } from 'commander'

import type { KeyValue } from '../../platform/key-value.ts'
import type { Namespace } from './local-state.ts'
import { defaultState, openLocalKv } from './local-state.ts'
import { openRemoteKv } from './remote-kv.ts'
import { UserError } from './run-command.ts'
import { refreshRunning } from './running-gateway.ts'
import { runWrangler } from './wrangler.ts'

/** The options `--local`, `--remote` and `--state`. */
export interface KvLocation {
  local?: boolean
  remote?: boolean
  state: string
}

/** Adds `--local`, `--remote` and `--state` to a command. */
export function addLocationOptions(command: Command): Command {
  command
    .option('--local', "use a local gateway's KV (default)")
    .option(
      '--remote',
      'use the KV of the deployed gateway, in the account that wrangler is logged in to',
    )
  return addStateOption(command)
}

/** Adds `--state` to a command. */
export function addStateOption(command: Command): Command {
  return command.addOption(
    new Option('--state <dir>', 'directory of the local KV, as for npm start').default(
      defaultState,
      '.gateway',
    ),
  )
}

/** Opens a namespace for the duration of `use`. */
export async function withKv<Value>(
  { local, remote, state }: KvLocation,
  namespace: Namespace,
  use: (kv: KeyValue) => Promise<Value>,
): Promise<Value> {
  if (local === true && remote === true) {
    throw new UserError('--local and --remote are mutually exclusive.')
  }
  if (remote === true) {
    return use(openRemoteKv(namespace, runWrangler))
  }
  const { kv, close } = await openLocalKv(state, namespace)
  try {
    return await use(kv)
  } finally {
    await close()
    await refreshRunning(state)
  }
}

/** A namespace that is opened for each call: for one that few commands use, and rarely. */
export function lazyKv(location: KvLocation, namespace: Namespace): KeyValue {
  return {
    get: (...values) => withKv(location, namespace, (kv) => kv.get(...values)),
    put: (...values) => withKv(location, namespace, (kv) => kv.put(...values)),
    list: (...values) => withKv(location, namespace, (kv) => kv.list(...values)),
  }
}
