/** `npm run keys -- …`: creates, lists, changes, rotates and revokes keys. */
import { createInterface } from 'node:readline/promises'

import { Command, Option } from 'commander'

import { parseKey } from '../keys/key.ts'
import { needsLedger } from '../keys/limits.ts'
import { isExpired } from '../keys/record.ts'
import type { KeyView } from '../keys/view.ts'
import type { KeyAdmin, WithSecret } from './keys/key-admin.ts'
import type { KeyOptions } from './keys/key-options.ts'
import { addKeyFieldOptions, toDuration, toKeyInput } from './keys/key-options.ts'
import type { KeySource } from './keys/key-source.ts'
import { addKeySourceOptions, withKeys } from './keys/key-source.ts'
import { printableJson } from './platform/printable.ts'
import { runCommand, UserError } from './platform/run-command.ts'
import { toTable } from './platform/table.ts'

type Output = KeySource & { json?: boolean }

const program = new Command('npm run keys --').description(
  'Creates, lists, changes, rotates and revokes keys.',
)

addKeyFieldOptions(
  addCommand('create', 'create a key; it is shown once and stored only as a hash').requiredOption(
    '--name <name>',
    'a label, such as its owner or purpose',
  ),
).action((options: Output & KeyOptions & { name: string }) => runCommand(() => create(options)))

addCommand('list', 'list all keys and their active secrets').action((options: Output) =>
  runCommand(() => list(options)),
)

addCommand('show', 'show a key and its audit log')
  .argument('<id>', 'the id, or the key itself')
  .action((id: string, options: Output) => runCommand(() => show(id, options)))

addKeyFieldOptions(
  addCommand('update', 'change a key; fields without an option keep their value')
    .argument('<id>', 'the id, or the key itself')
    .option('--name <name>', 'a label, such as its owner or purpose'),
)
  .addOption(
    new Option('--status <status>', 'a disabled key is rejected until it is active again').choices([
      'active',
      'disabled',
    ]),
  )
  .action((id: string, options: UpdateOptions) => runCommand(() => update(id, options)))

addCommand('rotate', 'create a new secret for a key; its usage, limits and budgets are kept')
  .argument('<id>', 'the id, or the key itself')
  .option(
    '--grace <duration>',
    'how long the old secret remains valid: 15m, 24h, 7d (default: 0s, after asking in a terminal)',
  )
  .option('--force', 'also rotate a key that is disabled or has expired')
  .action((id: string, options: RotateOptions) => runCommand(() => rotate(id, options)))

addCommand('release', 'end requests in flight that a crash left behind (they end by themselves)')
  .argument('<id>', 'the id, or the key itself')
  .action((id: string, options: Output) => runCommand(() => release(id, options)))

addCommand('revoke', 'revoke a key permanently')
  .argument('<id>', 'the id, or the key itself')
  .action((id: string, options: Output) => runCommand(() => revoke(id, options)))

await program.parseAsync()

type RotateOptions = Output & { grace?: string; force?: boolean }

type UpdateOptions = Output & KeyOptions & { status?: 'active' | 'disabled' }

function addCommand(name: string, description: string): Command {
  const command = program.command(name).description(description)
  return addKeySourceOptions(command).option('--json', 'print JSON, for scripts')
}

async function create(options: Output & KeyOptions & { name: string }): Promise<void> {
  const input = toKeyInput(options, new Date())
  const made = await withKeys(options, (admin) => admin.create(options.name, input))
  printSecret(options, made, [
    `Store this key now: it is not shown again. Its id is ${made.id}.`,
    options.remote === true || options.url !== undefined
      ? 'If it was used before it was created, it may be rejected for up to a minute (KV caching).'
      : 'A gateway running with this state accepts it immediately.',
  ])
}

async function list(options: Output): Promise<void> {
  const keys = await withKeys(options, (admin) => admin.list())
  if (options.json === true) {
    console.log(printableJson(keys))
    return
  }
  const head = ['id', 'name', 'status', 'expires', 'key', 'created', 'last used']
  console.log(keys.length === 0 ? 'There are no keys.' : toTable(head, keys.flatMap(toRows)))
}

/** One row per active secret, or one for the newest if none is active. */
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

/** Formats a time as `2026-11-25 12:00`, in UTC. */
function toMinute(time: string | null, otherwise: string): string {
  return time === null ? otherwise : new Date(time).toISOString().slice(0, 16).replace('T', ' ')
}

async function show(idOrKey: string, options: Output): Promise<void> {
  const shown = await withKeys(options, (admin) => admin.show(toId(idOrKey)))
  console.log(printableJson(shown, options.json === true ? 0 : 2))
}

async function update(idOrKey: string, options: UpdateOptions): Promise<void> {
  const input = toKeyInput(options, new Date())
  const { status } = options
  if (Object.keys(input).length === 0 && status === undefined) {
    throw new UserError('No change was given; see npm run keys -- update --help.')
  }
  const id = toId(idOrKey)
  const changed = await withKeys(options, (admin: KeyAdmin) => admin.update(id, input, status))
  console.log(
    options.json === true
      ? printableJson(changed)
      : `Changed ${id}. ${whenVisible(options)}\n${printableJson(changed.limits)}`,
  )
}

async function rotate(idOrKey: string, options: RotateOptions): Promise<void> {
  const { grace = '0s', force = false } = options
  const graceMs = toDuration(grace)
  if (graceMs === undefined) {
    throw new UserError(`--grace ${grace}: must be a duration such as 15m, 24h or 7d.`)
  }
  const id = toId(idOrKey)
  if (options.grace === undefined) {
    await confirm(`The old secret of ${id} will be rejected immediately (see --grace). Continue?`)
  }
  const rotated = await withKeys(options, (admin) => admin.rotate(id, graceMs, force))
  const old =
    graceMs === 0 ? 'The old secret is rejected' : `The old secret remains valid for ${grace}`
  printSecret(options, rotated, [
    'Store this key now: it is not shown again.',
    `${old}. Usage, limits and budgets of ${rotated.id} are kept. ${whenVisible(options)}`,
  ])
}

/** Asks a person; scripts, which have no terminal, go on. Throws a UserError for any answer but yes. */
async function confirm(question: string): Promise<void> {
  if (process.stdin.isTTY && process.stderr.isTTY) {
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    const answer = await terminal.question(`${question} [y/N] `)
    terminal.close()
    if (!/^y(es)?$/i.test(answer.trim())) {
      throw new UserError('Nothing was changed.')
    }
  }
}

function printSecret({ json }: Output, made: WithSecret, sentences: readonly string[]): void {
  const { id, key = '', ...rest } = made
  console.log(
    json === true ? printableJson({ id, key, ...rest }) : [key, '', ...sentences].join('\n'),
  )
}

async function release(idOrKey: string, options: Output): Promise<void> {
  const released = await withKeys(options, (admin) => admin.release(toId(idOrKey)))
  console.log(
    options.json === true
      ? JSON.stringify({ released })
      : `Released ${released.length} requests. Each is charged as an estimate until its end is known.`,
  )
}

async function revoke(idOrKey: string, options: Output): Promise<void> {
  const id = toId(idOrKey)
  const revoked = await withKeys(options, (admin) => admin.revoke(id))
  if (options.json === true) {
    console.log(printableJson(revoked))
    return
  }
  console.log(`Revoked ${id}. ${whenRejected(options, needsLedger(revoked.limits))}`)
}

/** States how long a revoked key may still be accepted. */
function whenRejected({ url, remote }: Output, hasLimits: boolean): string {
  if (url !== undefined && hasLimits) {
    return 'Its next request is rejected.'
  }
  if (url === undefined && remote !== true) {
    return 'A gateway running with this state rejects it immediately.'
  }
  const bound = 'It may still be accepted for up to 75 seconds, until caches expire.'
  return url === undefined && hasLimits
    ? `${bound} For a key with limits, such as this one, a revocation with --url is immediate.`
    : bound
}

function whenVisible({ url, remote }: Output): string {
  return url === undefined && remote !== true
    ? 'It takes effect immediately in a gateway running with this state.'
    : 'It takes effect everywhere within 75 seconds.'
}

/** Returns the id of an id or a whole key; messages never contain the key. */
function toId(idOrKey: string): string {
  return parseKey(idOrKey) ?? idOrKey.replace(/^gw-/, '').slice(0, 10)
}
