/** Which keys a command works on: a local gateway's, the account's, or those of a gateway by HTTP. */
import type { Command } from 'commander'
import { Option } from 'commander'

import { readLastUsed } from '../../ledger/usage/read-usage.ts'
import type { Place } from '../platform/kv.ts'
import { addPlace, withKv } from '../platform/kv.ts'
import { UserError } from '../platform/stop.ts'
import { createApiAdmin } from './admin-api.ts'
import type { KeyAdmin } from './key-admin.ts'
import { createKvAdmin } from './key-admin.ts'
import { readLocalLedgers } from './local-ledgers.ts'

export interface KeyPlace extends Place, GatewayOptions {}

export interface GatewayOptions {
  url?: string
  key?: string
}

/** Adds `--local`, `--remote`, `--state`, `--url` and `--key`. */
export function addKeyPlace(command: Command): Command {
  return addGateway(addPlace(command))
}

/** Adds `--url` and `--key`. */
export function addGateway(command: Command): Command {
  return command
    .option(
      '--url <url>',
      "ask a gateway by HTTP instead: its origin; its keys' ledgers hear at once",
    )
    .addOption(
      new Option('--key <key>', 'with --url: a key with the scope admin').env('GATEWAY_ADMIN_KEY'),
    )
}

/** The gateway that was named; undefined where none was. Throws a UserError without a key. */
export function toGateway({ url, key }: GatewayOptions): { url: string; key: string } | undefined {
  if (url === undefined) {
    return undefined
  }
  if (key === undefined) {
    throw new UserError('--url needs --key, or GATEWAY_ADMIN_KEY: a key with the scope admin.')
  }
  return { url, key }
}

/** Opens the place, and closes it whatever happens. */
export async function withKeys<Value>(
  place: KeyPlace,
  use: (admin: KeyAdmin) => Promise<Value>,
): Promise<Value> {
  const gateway = toGateway(place)
  if (gateway !== undefined) {
    if (place.local === true || place.remote === true) {
      throw new UserError('--url excludes --local and --remote.')
    }
    return use(createApiAdmin(gateway))
  }
  return withKv(place, 'KEYS', (kv) =>
    use(
      createKvAdmin(kv, async () =>
        place.remote === true ? new Map() : readLocalLedgers(place.state, readLastUsed),
      ),
    ),
  )
}
