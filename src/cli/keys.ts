/** `npm run keys -- …`: who may use the gateway. */
import { Command, Option } from 'commander'

import { parseKey } from '../keys/key.ts'
import { needsLedger } from '../keys/limits.ts'
import { isExpired } from '../keys/record.ts'
import type { KeyView } from '../keys/view.ts'
import type { KeyAdmin, WithSecret } from './keys/key-admin.ts'
import type { KeyOptions } from './keys/key-options.ts'
import { addFields, toDuration, toKeyInput } from './keys/key-options.ts'
import type { KeyPlace } from './keys/key-place.ts'
import { addKeyPlace, withKeys } from './keys/key-place.ts'
import { runToEnd, UserError } from './platform/stop.ts'
import { toTable } from './platform/table.ts'

type Output = KeyPlace & { json?: boolean }

const program = new Command('npm run keys --').description(
  'Makes, shows, changes, rotates and revokes keys.',
)

addFields(
  addCommand(
    'create',
    'make a key; it is shown this once and stored only as a hash',
  ).requiredOption('--name <name>', 'whose it is, or what for'),
).action((options: Output & KeyOptions & { name: string }) => runToEnd(() => create(options)))

addCommand('list', 'all keys, and their live secrets').action((options: Output) =>
  runToEnd(() => list(options)),
)

addCommand('show', 'what is stored of a key, and who changed it')
  .argument('<id>', 'its id, or the key itself')
  .action((id: string, options: Output) => runToEnd(() => show(id, options)))

addFields(
  addCommand('update', 'change a key; what is not named stays as it is')
    .argument('<id>', 'its id, or the key itself')
    .option('--name <name>', 'whose it is, or what for'),
)
  .addOption(
    new Option('--status <status>', 'a disabled key is refused until it is active again').choices([
      'active',
      'disabled',
    ]),
  )
  .action((id: string, options: UpdateOptions) => runToEnd(() => update(id, options)))

addCommand('rotate', 'make a new secret for a key; usage, limits and budgets go on')
  .argument('<id>', 'its id, or the key itself')
  .option('--grace <duration>', 'for how long the old secret works on: 15m, 24h, 7d', '0s')
  .action((id: string, options: Output & { grace: string }) => runToEnd(() => rotate(id, options)))

addCommand('revoke', 'refuse a key from now on')
  .argument('<id>', 'its id, or the key itself')
  .action((id: string, options: Output) => runToEnd(() => revoke(id, options)))

await program.parseAsync()

type UpdateOptions = Output & KeyOptions & { status?: 'active' | 'disabled' }

function addCommand(name: string, description: string): Command {
  const command = program.command(name).description(description)
  return addKeyPlace(command).option('--json', 'print JSON, for scripts')
}

async function create(options: Output & KeyOptions & { name: string }): Promise<void> {
  const input = toKeyInput(options, new Date())
  const made = await withKeys(options, (admin) => admin.create(options.name, input))
  printSecret(options, made, [
    `This is the only time that it is shown. Its id is ${made.id}.`,
    options.remote === true || options.url !== undefined
      ? 'Where it was tried before it was made, KV may go on refusing it for up to a minute.'
      : 'A gateway that runs with this state takes it at once.',
  ])
}

async function list(options: Output): Promise<void> {
  const keys = await withKeys(options, (admin) => admin.list())
  if (options.json === true) {
    console.log(JSON.stringify(keys))
    return
  }
  const head = ['id', 'name', 'status', 'expires', 'key', 'created', 'last used']
  console.log(keys.length === 0 ? 'There are no keys.' : toTable(head, keys.flatMap(toRows)))
}

/** One for each live secret, or for the newest where none is. */
function toRows(key: KeyView): string[][] {
  const { id, name, last_four: lastFour, expires_at: expiresAt, created_at: createdAt } = key
  const status = key.status === 'active' && isExpired(key, Date.now()) ? 'expired' : key.status
  const newest = { last_four: lastFour, expires_at: expiresAt, created_at: createdAt }
  const secrets = key.secrets.length === 0 ? [{ ...newest, last_used_at: null }] : key.secrets
  return secrets.map((secret) => [
    id,
    name,
    status,
    toMinute(secret.expires_at, 'never'),
    `…${secret.last_four}`,
    toMinute(secret.created_at, '-'),
    toMinute(secret.last_used_at, '-'),
  ])
}

/** `2026-11-25 12:00`, in UTC. */
function toMinute(time: string | null, otherwise: string): string {
  return time === null ? otherwise : new Date(time).toISOString().slice(0, 16).replace('T', ' ')
}

async function show(idOrKey: string, options: Output): Promise<void> {
  const shown = await withKeys(options, (admin) => admin.show(toId(idOrKey)))
  console.log(JSON.stringify(shown, null, options.json === true ? 0 : 2))
}

async function update(idOrKey: string, options: UpdateOptions): Promise<void> {
  const input = toKeyInput(options, new Date())
  const { status } = options
  if (Object.keys(input).length === 0 && status === undefined) {
    throw new UserError('Nothing to change was named; see npm run keys -- update --help.')
  }
  const id = toId(idOrKey)
  const changed = await withKeys(options, (admin: KeyAdmin) => admin.update(id, input, status))
  console.log(
    options.json === true
      ? JSON.stringify(changed)
      : `${id} is changed. ${whenSeen(options, 'A gateway')}\n${JSON.stringify(changed.limits)}`,
  )
}

async function rotate(idOrKey: string, options: Output & { grace: string }): Promise<void> {
  const graceMs = toDuration(options.grace)
  if (graceMs === undefined) {
    throw new UserError(`--grace ${options.grace}: give a duration such as 15m, 24h or 7d.`)
  }
  const rotated = await withKeys(options, (admin) => admin.rotate(toId(idOrKey), graceMs))
  const old = graceMs === 0 ? 'The old one is refused' : `The old one works on for ${options.grace}`
  printSecret(options, rotated, [
    'This is the only time that it is shown.',
    `${old}; usage, limits and budgets of ${rotated.id} go on. ${whenSeen(options, 'A gateway')}`,
  ])
}

function printSecret({ json }: Output, made: WithSecret, sentences: readonly string[]): void {
  const { id, key = '', ...rest } = made
  console.log(
    json === true ? JSON.stringify({ id, key, ...rest }) : [key, '', ...sentences].join('\n'),
  )
}

async function revoke(idOrKey: string, options: Output): Promise<void> {
  const id = toId(idOrKey)
  const revoked = await withKeys(options, (admin) => admin.revoke(id))
  if (options.json === true) {
    console.log(JSON.stringify(revoked))
    return
  }
  console.log(`${id} is revoked. ${boundOf(options, needsLedger(revoked.limits))}`)
}

/** How long a revoked key may still be let by. */
function boundOf({ url, remote }: Output, hasLimits: boolean): string {
  if (url !== undefined && hasLimits) {
    return 'Its next request is refused.'
  }
  if (url === undefined && remote !== true) {
    return 'A gateway that runs with this state refuses it at once.'
  }
  const bound =
    "Until KV's caches and the gateway's memory have run out it may still be let by: up to 75 seconds."
  return url === undefined && hasLimits
    ? `${bound} A key with limits, as this one is, is refused at once when it is revoked with --url.`
    : bound
}

function whenSeen({ url, remote }: Output, subject: string): string {
  return url === undefined && remote !== true
    ? `${subject} that runs with this state sees it at once.`
    : 'It is seen everywhere within 75 seconds.'
}

/** A whole key is taken too, but never repeated in a message. */
function toId(idOrKey: string): string {
  return parseKey(idOrKey) ?? idOrKey.replace(/^gw-/, '').slice(0, 10)
}
