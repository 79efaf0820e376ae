/** `keys groups …`: creates, lists, changes and deletes groups of keys. */
import type { Command } from 'commander'
import { Option } from 'commander'

import { printResult } from '../platform/print-result.ts'
import { printableJson } from '../platform/printable.ts'
import { UsageError } from '../platform/run-command.ts'
import { toTable } from '../platform/table.ts'
import type { KeyAdmin } from './access/key-admin.ts'
import type { KeyCommandOptions } from './access/key-source.ts'
import { addKeyCommand, withKeys } from './access/key-source.ts'
import { describeBudgets } from './describe-budgets.ts'
import { addLedgerCommands } from './ledger-commands.ts'
import type { GroupOptions } from './options/key-options.ts'
import { addGroupFieldOptions, toGroupInput } from './options/key-options.ts'
import { warnUnpriced } from './unpriced.ts'

type UpdateOptions = KeyCommandOptions & GroupOptions & { status?: 'active' | 'disabled' }

const argument = ['<group>', 'the id or the name of the group'] as const

/** Adds `groups` and its commands. */
export function addGroupCommands(program: Command): void {
  const groups = program
    .command('groups')
    .description('groups of keys: a model list, limits and budgets that their keys share')
  addGroupFieldOptions(
    addKeyCommand(groups, 'create', 'create a group').requiredOption('--name <name>', 'its name'),
  ).action(create)
  addKeyCommand(groups, 'list', 'list all groups').action(list)
  addKeyCommand(groups, 'show', 'show a group, its keys and its audit log')
    .argument(...argument)
    .action(show)
  addGroupFieldOptions(
    addKeyCommand(groups, 'update', 'change a group; fields without an option keep their value')
      .argument(...argument)
      .option('--name <name>', 'its name'),
  )
    .addOption(
      new Option(
        '--status <status>',
        'the keys of a disabled group are rejected until it is active again',
      ).choices(['active', 'disabled']),
    )
    .action(update)
  addKeyCommand(groups, 'delete', 'delete a group that has no keys')
    .argument(...argument)
    .action(remove)
  addLedgerCommands(groups, {
    argument,
    corrected: 'the group',
    find: async ({ groups: of }, named) => ({ of, id: await of.toId(named) }),
    toLabel: (named) => named,
  })
}

async function create(options: KeyCommandOptions & GroupOptions & { name: string }): Promise<void> {
  const input = toGroupInput(options, new Date())
  const made = await withKeys(options, (admin) => admin.groups.create(options.name, input))
  warnUnpriced([made])
  printResult(
    options,
    made,
    `Created the group ${made.name}. Its id is ${made.id}. Keys join it with keys create --group and keys update --group.`,
  )
}

async function list(options: KeyCommandOptions): Promise<void> {
  const groups = await withKeys(options, (admin) => admin.groups.list())
  const rows = groups.map(({ id, name, status, models, budgets }) => [
    id,
    name,
    status,
    models.join(','),
    describeBudgets(budgets),
  ])
  const head = ['id', 'name', 'status', 'models', 'spent of budgets (USD)']
  printResult(options, groups, rows.length === 0 ? 'There are no groups.' : toTable(head, rows))
}

async function show(group: string, options: KeyCommandOptions): Promise<void> {
  const shown = await withGroup(group, options, (admin, id) => admin.groups.show(id))
  console.log(printableJson(shown, options.json === true ? 0 : 2))
}

async function update(group: string, options: UpdateOptions): Promise<void> {
  const { status } = options
  const input = toGroupInput(options, new Date())
  if (Object.keys(input).length === 0 && status === undefined) {
    throw new UsageError('No change was specified; see npm run keys -- groups update --help.')
  }
  const changed = await withGroup(group, options, (admin, id) =>
    admin.groups.update(id, input, status),
  )
  warnUnpriced([changed])
  const limits = printableJson(changed.limits)
  printResult(options, changed, `Changed the group ${changed.name}.\n${limits}`)
}

async function remove(group: string, options: KeyCommandOptions): Promise<void> {
  const deleted = await withGroup(group, options, (admin, id) => admin.groups.delete(id))
  printResult(options, deleted, `Deleted the group ${deleted.name}.`)
}

async function withGroup<Value>(
  nameOrId: string,
  options: KeyCommandOptions,
  use: (admin: KeyAdmin, id: string) => Promise<Value>,
): Promise<Value> {
  return withKeys(options, async (admin) => use(admin, await admin.groups.toId(nameOrId)))
}
