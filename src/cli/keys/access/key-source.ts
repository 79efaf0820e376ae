/** Selects the keys that a command works on: in local KV, in the account's KV, or through a gateway's Admin API. */
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'

import type { Command } from 'commander'
import { Option } from 'commander'

import type { KvLocation } from '../../platform/kv-location.ts'
import { addLocationOptions, lazyKv, withKv } from '../../platform/kv-location.ts'
import type { OutputOptions } from '../../platform/print-result.ts'
import { UserError } from '../../platform/run-command.ts'
import type { Gateway } from './admin-api.ts'
import { createGatewayApi, createOperatorApi } from './admin-api.ts'
import { KeyAdmin } from './key-admin.ts'
import { createLocalLedgers } from './local-ledgers.ts'

/** The options of {@link addKeySourceOptions}. */
export interface KeySource extends KvLocation, GatewayOptions {}

/** The options of {@link addGatewayOptions}. */
export interface GatewayOptions {
  url?: string
  key?: string
}

/** Adds `--local`, `--remote`, `--state`, `--url` and `--key` to a command. */
export function addKeySourceOptions(command: Command): Command {
  return addGatewayOptions(addLocationOptions(command))
}

/** The options of {@link addKeyCommand}. */
export type KeyCommandOptions = KeySource & OutputOptions

/** Adds a command over keys, with the options that select them and `--json`. */
export function addKeyCommand(program: Command, name: string, description: string): Command {
  const command = program.command(name).description(description)
  return addKeySourceOptions(command).option('--json', 'print JSON, for scripts')
}

/** Adds `--url` and `--key` to a command. */
export function addGatewayOptions(command: Command): Command {
  return command
    .option(
      '--url <url>',
      'the origin of a gateway: use its Admin API instead of KV, so that changes take effect in its ledgers immediately',
    )
    .addOption(
      new Option(
        '--key <key>',
        'with --url: a key with the admin scope; - reads it from standard input, which keeps it out of logs',
      ).env('GATEWAY_ADMIN_KEY'),
    )
}

/** Returns the gateway of `--url`; undefined without one. Throws a UserError if its key is missing. */
export function toGateway({ url, key }: GatewayOptions): Gateway | undefined {
  if (url === undefined) {
    return undefined
  }
  if (key === undefined) {
    throw new UserError(
      '--url requires a key with the admin scope: set --key or GATEWAY_ADMIN_KEY.',
    )
  }
  return { url, key: readKey(key) }
}

/** Returns the value of a `--key` option: `-` means one line on standard input. */
export function readKey(option: string): string {
  return option === '-' ? readFileSync(0, 'utf8').trim() : option
}

/** Opens the source of keys for the duration of `use`. */
export async function withKeys<Value>(
  source: KeySource,
  use: (admin: KeyAdmin) => Promise<Value>,
): Promise<Value> {
  const gateway = toGateway(source)
  if (gateway !== undefined) {
    if (source.local === true || source.remote === true) {
      throw new UserError('--url cannot be combined with --local or --remote.')
    }
    return use(new KeyAdmin(createGatewayApi(gateway)))
  }
  return withKv(source, 'KEYS', async (keys) => {
    const actor = `cli:${userInfo().username}`
    const ledgers =
      source.remote === true
        ? undefined
        : createLocalLedgers({ state: source.state, kv: keys, actor })
    const catalog = lazyKv(source, 'CATALOG')
    return use(new KeyAdmin(await createOperatorApi({ keys, catalog, ledgers, actor })))
  })
}
