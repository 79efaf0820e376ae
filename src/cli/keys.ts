/** `npm run keys -- …`: creates, lists, changes, rotates and revokes keys. */
import { Option } from 'commander'

import { parseKey } from '../keys/key.ts'
import { needsLedger } from '../keys/limits.ts'
import type { WithSecret } from './keys/access/key-admin.ts'
import type { KeyCommandOptions } from './keys/access/key-source.ts'
import { addKeyCommand, withKeys } from './keys/access/key-source.ts'
import { addGroupCommands } from './keys/group-commands.ts'
import { toKeyTable } from './keys/key-table.ts'
import { addLedgerCommands } from './keys/ledger-commands.ts'
import type { ManyOptions } from './keys/many-keys.ts'
import { createMany } from './keys/many-keys.ts'
import type { KeyOptions } from './keys/options/key-options.ts'
import { addKeyFieldOptions, toDuration, toKeyInput } from './keys/options/key-options.ts'
import { addTransferCommands } from './keys/transfer-commands.ts'
import { warnUnpriced } from './keys/unpriced.ts'
import { confirm } from './platform/confirm.ts'
import { printResult } from './platform/print-result.ts'
import { printableJson } from './platform/printable.ts'
import { createProgram, runProgram, UsageError, UserError } from './platform/run-command.ts'

const idArgument = ['<id>', 'the id, or the key itself'] as const

const program = createProgram(
  'npm run keys --',
  'Creates, lists, changes, rotates and revokes keys.',
)

addKeyFieldOptions(
  addKeyCommand(program, 'create', 'create a key; it is shown once and stored only as a hash')
    .option('--name <name>', 'a label, such as its owner or purpose')
    .option(
      '--from <file>',
      'create a key for each line of a CSV file with the columns name, group, budget, …; - reads standard input',
    )
    .option('--skip-existing', 'with --from: skip lines with the name of an existing key'),
).action(create)

addKeyCommand(program, 'list', 'list all keys and their active secrets').action(list)

addKeyCommand(program, 'show', 'show a key and its audit log')
  .argument(...idArgument)
  .action(show)

addKeyFieldOptions(
  addKeyCommand(program, 'update', 'change a key; fields without an option keep their value')
    .argument(...idArgument)
    .option('--name <name>', 'a label, such as its owner or purpose'),
)
  .addOption(
    new Option('--status <status>', 'a disabled key is rejected until it is active again').choices([
      'active',
      'disabled',
    ]),
  )
  .action(update)

addKeyCommand(
  program,
  'rotate',
  'create a new secret for a key; its usage, limits and budgets are kept',
)
  .argument(...idArgument)
  .option(
    '--grace <duration>',
    'how long the old secret remains valid: 15m, 24h, 7d (default: 0s, after asking in a terminal)',
  )
  .option('--force', 'also rotate a key that is disabled or has expired')
  .action(rotate)

addLedgerCommands(program, {
  argument: idArgument,
  corrected: 'a key',
  find: async (admin, named) => ({ of: admin, id: toId(named) }),
  toLabel: toId,
})

addKeyCommand(program, 'revoke', 'revoke a key permanently')
  .argument(...idArgument)
  .action(revoke)

addGroupCommands(program)
addTransferCommands(program)

await runProgram(program)

type CreateOptions = KeyCommandOptions & KeyOptions & { from?: string; skipExisting?: boolean }

type RotateOptions = KeyCommandOptions & { grace?: string; force?: boolean }

type UpdateOptions = KeyCommandOptions & KeyOptions & { status?: 'active' | 'disabled' }

async function create(options: CreateOptions): Promise<void> {
  const { name, from } = options
  if ((name === undefined) === (from === undefined)) {
    throw new UsageError('Name one key with --name, or several with --from.')
  }
  await (name === undefined
    ? createAll({ ...options, from: from ?? '' })
    : createOne({ ...options, name }))
}

async function createAll(options: KeyCommandOptions & ManyOptions): Promise<void> {
  const made = await withKeys(options, (admin) =>
    createMany(admin, options, (line) => console.log(line)),
  )
  warnUnpriced(made)
}

async function createOne(options: CreateOptions & { name: string }): Promise<void> {
  const input = toKeyInput(options, new Date())
  const made = await withKeys(options, async (admin) =>
    admin.create(options.name, await admin.withGroup(input, options.group)),
  )
  warnUnpriced([made])
  printSecret(options, made, [
    `Store this key now: it is not shown again. Its id is ${made.id}.`,
    options.remote === true || options.url !== undefined
      ? 'If it was used before it was created, it may be rejected for up to a minute (KV caching).'
      : 'A gateway running with this state accepts it immediately.',
  ])
}

async function list(options: KeyCommandOptions): Promise<void> {
  const { keys, names } = await withKeys(options, async (admin) => {
    const all = await admin.list()
    const hasGroups = options.json !== true && all.some(({ group_id: group }) => group !== null)
    const groups = hasGroups ? await admin.groups.list() : []
    return { keys: all, names: new Map(groups.map(({ id, name }) => [id, name])) }
  })
  printResult(options, keys, keys.length === 0 ? 'There are no keys.' : toKeyTable(keys, names))
}

async function show(idOrKey: string, options: KeyCommandOptions): Promise<void> {
  const shown = await withKeys(options, (admin) => admin.show(toId(idOrKey)))
  console.log(printableJson(shown, options.json === true ? 0 : 2))
}

async function update(idOrKey: string, options: UpdateOptions): Promise<void> {
  const input = toKeyInput(options, new Date())
  const { status, group } = options
  if (Object.keys(input).length === 0 && status === undefined && group === undefined) {
    throw new UsageError('No change was specified; see npm run keys -- update --help.')
  }
  const id = toId(idOrKey)
  const changed = await withKeys(options, async (admin) =>
    admin.update(id, await admin.withGroup(input, options.group), status),
  )
  warnUnpriced([changed])
  const limits = printableJson(changed.limits)
  printResult(options, changed, `Changed ${id}. ${whenVisible(options)}\n${limits}`)
}

async function rotate(idOrKey: string, options: RotateOptions): Promise<void> {
  const { grace = '0s', force = false } = options
  const graceMs = toDuration(grace)
  if (graceMs === undefined) {
    throw new UsageError(`--grace ${grace}: must be a duration such as 15m, 24h or 7d.`)
  }
  const id = toId(idOrKey)
  const question = `The old secret of ${id} will be rejected immediately (see --grace). Continue?`
  // Scripts have no terminal, and are not asked.
  const isAsked = options.grace === undefined && process.stdin.isTTY && process.stderr.isTTY
  if (isAsked && !(await confirm(question))) {
    throw new UserError('Nothing was changed.')
  }
  const rotated = await withKeys(options, (admin) => admin.rotate(id, graceMs, force))
  const old =
    graceMs === 0 ? 'The old secret is rejected' : `The old secret remains valid for ${grace}`
  printSecret(options, rotated, [
    'Store this key now: it is not shown again.',
    `${old}. Usage, limits and budgets of ${rotated.id} are kept. ${whenVisible(options)}`,
  ])
}

function printSecret(
  options: KeyCommandOptions,
  { id, key = '', ...rest }: WithSecret,
  sentences: readonly string[],
): void {
  printResult(options, { id, key, ...rest }, [key, '', ...sentences].join('\n'))
}

async function revoke(idOrKey: string, options: KeyCommandOptions): Promise<void> {
  const id = toId(idOrKey)
  const revoked = await withKeys(options, (admin) => admin.revoke(id))
  const when = whenRejected(options, needsLedger(revoked.limits))
  printResult(options, revoked, `Revoked ${id}. ${when}`)
}

/** States how long a revoked key may still be accepted. */
function whenRejected({ url, remote }: KeyCommandOptions, hasLimits: boolean): string {
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

function whenVisible({ url, remote }: KeyCommandOptions): string {
  return url === undefined && remote !== true
    ? 'It takes effect immediately in a gateway running with this state.'
    : 'It takes effect everywhere within 75 seconds.'
}

/** Returns the id of an id or a whole key; messages never contain the key. */
function toId(idOrKey: string): string {
  return parseKey(idOrKey) ?? idOrKey.replace(/^gw-/, '').slice(0, 10)
}
