/** `npm run keys -- …`: creates, lists, changes, rotates and revokes keys. */
import { createInterface } from 'node:readline/promises'

import type { Command } from 'commander'
import { Option } from 'commander'

import type { KeyInput } from '../keys/fields.ts'
import { parseKey } from '../keys/key.ts'
import { needsLedger } from '../keys/limits.ts'
import type { KeyAdmin, WithSecret } from './keys/access/key-admin.ts'
import type { KeySource } from './keys/access/key-source.ts'
import { addKeySourceOptions, withKeys } from './keys/access/key-source.ts'
import { addGroupCommands } from './keys/group-commands.ts'
import { toKeyTable } from './keys/key-table.ts'
import type { ManyOptions } from './keys/many-keys.ts'
import { createMany } from './keys/many-keys.ts'
import type { AdjustOptions } from './keys/options/adjust-options.ts'
import { addAdjustOptions, toAdjustmentInput } from './keys/options/adjust-options.ts'
import type { KeyOptions } from './keys/options/key-options.ts'
import { addKeyFieldOptions, toDuration, toKeyInput } from './keys/options/key-options.ts'
import { printBooked, printReleased } from './keys/print-ledger-change.ts'
import { addTransferCommands } from './keys/transfer-commands.ts'
import { warnUnpriced } from './keys/unpriced.ts'
import { printableJson } from './platform/printable.ts'
import { createProgram, runCommand, UsageError, UserError } from './platform/run-command.ts'

type Output = KeySource & { json?: boolean }

const program = createProgram(
  'npm run keys --',
  'Creates, lists, changes, rotates and revokes keys.',
)

addKeyFieldOptions(
  addCommand('create', 'create a key; it is shown once and stored only as a hash')
    .option('--name <name>', 'a label, such as its owner or purpose')
    .option(
      '--from <file>',
      'create a key for each line of a CSV file with the columns name, group, budget, …; - is standard input',
    )
    .option('--skip-existing', 'with --from: skip lines whose name a key has already'),
).action((options: CreateOptions) => runCommand(() => create(options)))

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

addCommand(
  'release',
  'end requests in flight that a crash left behind: all, or one (they end by themselves)',
)
  .argument('<id>', 'the id, or the key itself')
  .argument('[request]', 'the id of one request, as in keys show')
  .action((id: string, request: string | undefined, options: Output) =>
    runCommand(() => release(id, request, options)),
  )

addAdjustOptions(
  addCommand('adjust', 'correct what a key was charged').argument(
    '<id>',
    'the id, or the key itself',
  ),
).action((id: string, options: Output & AdjustOptions) => runCommand(() => adjust(id, options)))

addCommand('revoke', 'revoke a key permanently')
  .argument('<id>', 'the id, or the key itself')
  .action((id: string, options: Output) => runCommand(() => revoke(id, options)))

addGroupCommands(program)
addTransferCommands(program)

await program.parseAsync()

type CreateOptions = Output & KeyOptions & { from?: string; skipExisting?: boolean }

type RotateOptions = Output & { grace?: string; force?: boolean }

type UpdateOptions = Output & KeyOptions & { status?: 'active' | 'disabled' }

function addCommand(name: string, description: string): Command {
  const command = program.command(name).description(description)
  return addKeySourceOptions(command).option('--json', 'print JSON, for scripts')
}

async function create(options: CreateOptions): Promise<void> {
  const { name, from } = options
  if ((name === undefined) === (from === undefined)) {
    throw new UsageError('Name one key with --name, or many with --from.')
  }
  await (name === undefined
    ? createAll({ ...options, from: from ?? '' })
    : createOne({ ...options, name }))
}

async function createAll(options: Output & ManyOptions): Promise<void> {
  const made = await withKeys(options, (admin) =>
    createMany(admin, options, (line) => console.log(line)),
  )
  warnUnpriced(made)
}

async function createOne(options: CreateOptions & { name: string }): Promise<void> {
  const input = toKeyInput(options, new Date())
  const made = await withKeys(options, async (admin) =>
    admin.create(options.name, await withGroup(admin, input, options)),
  )
  warnUnpriced([made])
  printSecret(options, made, [
    `Store this key now: it is not shown again. Its id is ${made.id}.`,
    options.remote === true || options.url !== undefined
      ? 'If it was used before it was created, it may be rejected for up to a minute (KV caching).'
      : 'A gateway running with this state accepts it immediately.',
  ])
}

/** The fields with the id of the group that `--group` names. */
async function withGroup(
  { groups }: KeyAdmin,
  input: KeyInput,
  { group }: KeyOptions,
): Promise<KeyInput> {
  if (group === undefined) {
    return input
  }
  return { ...input, group_id: group === 'none' ? null : await groups.toId(group) }
}

async function list(options: Output): Promise<void> {
  const { keys, names } = await withKeys(options, async (admin) => {
    const all = await admin.list()
    const hasGroups = options.json !== true && all.some(({ group_id: group }) => group !== null)
    const groups = hasGroups ? await admin.groups.list() : []
    return { keys: all, names: new Map(groups.map(({ id, name }) => [id, name])) }
  })
  if (options.json === true) {
    console.log(printableJson(keys))
    return
  }
  console.log(keys.length === 0 ? 'There are no keys.' : toKeyTable(keys, names))
}

async function show(idOrKey: string, options: Output): Promise<void> {
  const shown = await withKeys(options, (admin) => admin.show(toId(idOrKey)))
  console.log(printableJson(shown, options.json === true ? 0 : 2))
}

async function update(idOrKey: string, options: UpdateOptions): Promise<void> {
  const input = toKeyInput(options, new Date())
  const { status, group } = options
  if (Object.keys(input).length === 0 && status === undefined && group === undefined) {
    throw new UsageError('No change was given; see npm run keys -- update --help.')
  }
  const id = toId(idOrKey)
  const changed = await withKeys(options, async (admin) =>
    admin.update(id, await withGroup(admin, input, options), status),
  )
  warnUnpriced([changed])
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
    throw new UsageError(`--grace ${grace}: must be a duration such as 15m, 24h or 7d.`)
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

/**
 * Asks for confirmation, except in scripts, which have no terminal. Throws a UserError for any
 * answer but yes.
 */
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

async function release(
  idOrKey: string,
  request: string | undefined,
  options: Output,
): Promise<void> {
  const released = await withKeys(options, (admin) => admin.release(toId(idOrKey), request))
  printReleased(released, options.json)
}

async function adjust(idOrKey: string, options: Output & AdjustOptions): Promise<void> {
  const id = toId(idOrKey)
  const input = toAdjustmentInput(options)
  const booked = await withKeys(options, (admin) => admin.adjust(id, input))
  printBooked(booked, { json: options.json, owner: id })
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
