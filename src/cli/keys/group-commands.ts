/** `keys groups …`: creates, lists, changes and deletes groups of keys. */
import type { Command } from 'commander'
import { Option } from 'commander'

import { printableJson } from '../platform/printable.ts'
import { runCommand, UsageError } from '../platform/run-command.ts'
import { toTable } from '../platform/table.ts'
import type { KeyAdmin } from './access/key-admin.ts'
import type { KeySource } from './access/key-source.ts'
import { addKeySourceOptions, withKeys } from './access/key-source.ts'
import { describeBudgets } from './describe-budgets.ts'
import type { AdjustOptions } from './options/adjust-options.ts'
import { addAdjustOptions, toAdjustmentInput } from './options/adjust-options.ts'
import type { GroupOptions } from './options/key-options.ts'
import { addGroupFieldOptions, toGroupInput } from './options/key-options.ts'
import { printBooked, printReleased } from './print-ledger-change.ts'
import { warnUnpriced } from './unpriced.ts'

type Output = KeySource & { json?: boolean }
type UpdateOptions = Output & GroupOptions & { status?: 'active' | 'disabled' }

const argument = ['<group>', 'the id or the name of the group'] as const

/** Adds `groups` and its commands. */
export function addGroupCommands(program: Command): void {
  const groups = program
    .command('groups')
    .description('groups of keys: a model list, limits and budgets that their keys share')
  const addCommand = (name: string, description: string): Command =>
    addKeySourceOptions(groups.command(name).description(description)).option(
      '--json',
      'print JSON, for scripts',
    )
  addGroupFieldOptions(
    addCommand('create', 'create a group').requiredOption('--name <name>', 'its name'),
  ).action((options: Output & GroupOptions & { name: string }) => runCommand(() => create(options)))
  addCommand('list', 'list all groups').action((options: Output) => runCommand(() => list(options)))
  addCommand('show', 'show a group, its keys and its audit log')
    .argument(...argument)
    .action((group: string, options: Output) => runCommand(() => show(group, options)))
  addGroupFieldOptions(
    addCommand('update', 'change a group; fields without an option keep their value')
      .argument(...argument)
      .option('--name <name>', 'its name'),
  )
    .addOption(
      new Option(
        '--status <status>',
        'the keys of a disabled group are rejected until it is active again',
      ).choices(['active', 'disabled']),
    )
    .action((group: string, options: UpdateOptions) => runCommand(() => update(group, options)))
  addCommand('delete', 'delete a group that has no keys')
    .argument(...argument)
    .action((group: string, options: Output) => runCommand(() => remove(group, options)))
  addCommand('release', 'end requests in flight that a crash left behind: all, or one')
    .argument(...argument)
    .argument('[request]', 'the id of one request')
    .action((group: string, request: string | undefined, options: Output) =>
      runCommand(() => release(group, request, options)),
    )
  addAdjustOptions(
    addCommand('adjust', 'correct what the group was charged').argument(...argument),
  ).action((group: string, options: Output & AdjustOptions) =>
    runCommand(() => adjust(group, options)),
  )
}

async function create(options: Output & GroupOptions & { name: string }): Promise<void> {
  const input = toGroupInput(options, new Date())
  const made = await withKeys(options, (admin) => admin.groups.create(options.name, input))
  warnUnpriced([made])
  console.log(
    options.json === true
      ? printableJson(made)
      : `Created the group ${made.name}. Its id is ${made.id}. Keys join it with keys create --group and keys update --group.`,
  )
}

async function list(options: Output): Promise<void> {
  const groups = await withKeys(options, (admin) => admin.groups.list())
  if (options.json === true) {
    console.log(printableJson(groups))
    return
  }
  const rows = groups.map(({ id, name, status, models, budgets }) => [
    id,
    name,
    status,
    models.join(','),
    describeBudgets(budgets),
  ])
  const head = ['id', 'name', 'status', 'models', 'spent of budgets (USD)']
  console.log(rows.length === 0 ? 'There are no groups.' : toTable(head, rows))
}

async function show(group: string, options: Output): Promise<void> {
  const shown = await withGroup(group, options, (admin, id) => admin.groups.show(id))
  console.log(printableJson(shown, options.json === true ? 0 : 2))
}

async function update(group: string, options: UpdateOptions): Promise<void> {
  const { status, name } = options
  const input = { ...toGroupInput(options, new Date()), ...(name === undefined ? {} : { name }) }
  if (Object.keys(input).length === 0 && status === undefined) {
    throw new UsageError('No change was given; see npm run keys -- groups update --help.')
  }
  const changed = await withGroup(group, options, (admin, id) =>
    admin.groups.update(id, input, status),
  )
  warnUnpriced([changed])
  console.log(
    options.json === true
      ? printableJson(changed)
      : `Changed the group ${changed.name}.\n${printableJson(changed.limits)}`,
  )
}

async function remove(group: string, options: Output): Promise<void> {
  const deleted = await withGroup(group, options, (admin, id) => admin.groups.delete(id))
  console.log(options.json === true ? printableJson(deleted) : `Deleted the group ${deleted.name}.`)
}

async function release(group: string, request: string | undefined, options: Output): Promise<void> {
  const released = await withGroup(group, options, (admin, id) => admin.groups.release(id, request))
  printReleased(released, options.json)
}

async function adjust(group: string, options: Output & AdjustOptions): Promise<void> {
  const input = toAdjustmentInput(options)
  const booked = await withGroup(group, options, (admin, id) => admin.groups.adjust(id, input))
  printBooked(booked, { json: options.json, owner: group })
}

async function withGroup<Value>(
  nameOrId: string,
  options: Output,
  use: (admin: KeyAdmin, id: string) => Promise<Value>,
): Promise<Value> {
  return withKeys(options, async (admin) => use(admin, await admin.groups.toId(nameOrId)))
}
