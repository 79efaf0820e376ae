/** `npm run keys -- …`: who may use the gateway. */
import { Command } from 'commander'

import { parseKey } from '../keys/key.ts'
import type { KeyRecord } from '../keys/record.ts'
import { isExpired } from '../keys/record.ts'
import { createKey, listKeys, revokeKey, showKey } from '../keys/store.ts'
import type { KeyOptions } from './key-options.ts'
import { addList, addPair, toKeyFields } from './key-options.ts'
import type { Place } from './kv.ts'
import { addPlace, withKv } from './kv.ts'
import { runToEnd, UserError } from './stop.ts'
import { toTable } from './table.ts'

type Output = Place & { json?: boolean }

const program = new Command('npm run keys --').description('Makes, shows and revokes keys.')

addCommand('create', 'make a key; it is shown this once and stored only as a hash')
  .requiredOption('--name <name>', 'whose it is, or what for')
  .option(
    '--expires <when>',
    'a time from now (12h, 30d, 2w) or a date (2027-01-31); never by default',
  )
  .option(
    '--models <list>',
    'ids or wildcards that it may use, separated by commas; all by default',
    addList,
  )
  .option('--scopes <list>', 'what it may be used for; inference by default', addList)
  .option('--metadata <name=value>', 'kept with it; may be repeated', addPair)
  .action((options: Output & KeyOptions) => runToEnd(() => create(options)))

addCommand('list', 'all keys').action((options: Output) => runToEnd(() => list(options)))

addCommand('show', 'what is stored of a key')
  .argument('<id>', 'its id, or the key itself')
  .action((id: string, options: Output) => runToEnd(() => show(id, options)))

addCommand('revoke', 'refuse a key from now on')
  .argument('<id>', 'its id, or the key itself')
  .action((id: string, options: Output) => runToEnd(() => revoke(id, options)))

await program.parseAsync()

function addCommand(name: string, description: string): Command {
  const command = program.command(name).description(description)
  return addPlace(command).option('--json', 'print JSON, for scripts')
}

async function create(options: Output & KeyOptions): Promise<void> {
  const now = new Date()
  const fields = toKeyFields(options, now)
  const { key, record } = await withKv(options, 'KEYS', (kv) => createKey(kv, fields, { now }))
  const { id, ...rest } = record
  if (options.json === true) {
    console.log(JSON.stringify({ id, key, ...rest }))
    return
  }
  console.log(`${key}

This is the only time that it is shown. Its id is ${id}.
${
  options.remote === true
    ? 'Where it was tried before it was made, KV may go on refusing it for up to a minute.'
    : 'A gateway that runs with this state takes it at once.'
}`)
}

async function list(options: Output): Promise<void> {
  const keys = await withKv(options, 'KEYS', listKeys)
  const now = Date.now()
  if (options.json === true) {
    console.log(JSON.stringify(keys))
    return
  }
  const rows = keys.map((key) => [
    key.id,
    key.name,
    stateOf(key, now),
    key.expires_at ?? 'never',
    `…${key.last_four}`,
  ])
  console.log(
    keys.length === 0
      ? 'There are no keys.'
      : toTable(['id', 'name', 'status', 'expires', 'key'], rows),
  )
}

async function show(idOrKey: string, options: Output): Promise<void> {
  const records = await withKv(options, 'KEYS', (kv) => showKey(kv, toId(idOrKey)))
  console.log(JSON.stringify(known(records, idOrKey), null, options.json === true ? 0 : 2))
}

async function revoke(idOrKey: string, options: Output): Promise<void> {
  const id = toId(idOrKey)
  const records = known(await withKv(options, 'KEYS', (kv) => revokeKey(kv, id)), idOrKey)
  if (options.json === true) {
    console.log(JSON.stringify(records))
    return
  }
  console.log(
    options.remote === true
      ? `${id} is revoked. Until KV's caches and the gateway's memory have run out it may still be let by: up to 75 seconds.`
      : `${id} is revoked; a gateway that runs with this state refuses it at once.`,
  )
}

function known(records: KeyRecord[] | undefined, idOrKey: string): KeyRecord[] {
  if (records === undefined) {
    throw new UserError(`There is no key with the id ${toId(idOrKey)} here.`)
  }
  return records
}

/** A whole key is taken too, but never repeated in a message. */
function toId(idOrKey: string): string {
  return parseKey(idOrKey) ?? idOrKey.replace(/^gw-/, '').slice(0, 10)
}

function stateOf(key: Pick<KeyRecord, 'status' | 'expires_at'>, now: number): string {
  return key.status === 'active' && isExpired(key, now) ? 'expired' : key.status
}
