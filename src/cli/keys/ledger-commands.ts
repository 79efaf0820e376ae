/** `release` and `adjust`, of a key or of a group: what an operator corrects in its ledger. */
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'

import { printResult } from '../platform/print-result.ts'
import type { GroupAdmin } from './access/group-admin.ts'
import type { KeyAdmin } from './access/key-admin.ts'
import type { KeyCommandOptions } from './access/key-source.ts'
import { addKeyCommand, withKeys } from './access/key-source.ts'
import { toDate } from './options/limit-options.ts'

/** The keys or the groups of the commands. */
interface Holders {
  /** The argument that names one, and its description. */
  argument: readonly [string, string]
  /** What is corrected, for the help. */
  corrected: string
  /** Finds the operations, and the id of the one that is named. */
  find: (admin: KeyAdmin, named: string) => Promise<{ of: KeyAdmin | GroupAdmin; id: string }>
  /** How messages name it: never by a whole key. */
  toLabel: (named: string) => string
}

interface AdjustOptions extends KeyCommandOptions {
  usd: number
  why: string
  model?: string
  date?: string
}

/** Adds the commands. */
export function addLedgerCommands(program: Command, holders: Holders): void {
  addKeyCommand(
    program,
    'release',
    'release requests in flight that a crash left behind: all, or one (they also expire by themselves)',
  )
    .argument(...holders.argument)
    .argument('[request]', 'the id of one request, as in show')
    .action((named: string, request: string | undefined, options: KeyCommandOptions) =>
      release(holders, { named, request }, options),
    )
  addKeyCommand(program, 'adjust', `correct what ${holders.corrected} was charged`)
    .argument(...holders.argument)
    .requiredOption('--usd <amount>', 'dollars to add; negative for a credit, such as -3.20', toUsd)
    .requiredOption(
      '--why <reason>',
      'the reason; it is stored with the entry and in the audit log',
    )
    .option('--model <id>', 'the model that it is for, in whose own budgets it counts too')
    .option('--date <date>', 'the day in which it counts (default: today)', toPastDate)
    .action((named: string, options: AdjustOptions) => adjust(holders, named, options))
}

async function release(
  { find }: Holders,
  { named, request }: { named: string; request: string | undefined },
  options: KeyCommandOptions,
): Promise<void> {
  const released = await withKeys(options, async (admin) => {
    const { of, id } = await find(admin, named)
    return of.release(id, request)
  })
  printResult(
    options,
    { released },
    `Released ${released.length} requests. Each is charged as an estimate until its end is known.`,
  )
}

async function adjust(
  { find, toLabel }: Holders,
  named: string,
  options: AdjustOptions,
): Promise<void> {
  const { usd, why, model, date } = options
  const booked = await withKeys(options, async (admin) => {
    const { of, id } = await find(admin, named)
    return of.adjust(id, { usd, why, model, date })
  })
  printResult(options, booked, `Booked ${booked.usd} USD for ${toLabel(named)}.`)
}

function toUsd(text: string): number {
  if (!/^[+-]?\$?\d{1,6}(?:\.\d{1,9})?$/.test(text)) {
    throw new InvalidArgumentError('must be an amount in dollars, such as -3.20.')
  }
  return Number(text.replace('$', ''))
}

function toPastDate(text: string): string {
  const date = toDate(text)
  if (Number.isNaN(date.getTime()) || date.getTime() > Date.now()) {
    throw new InvalidArgumentError('must be a date that is not in the future, such as 2026-11-27.')
  }
  return date.toISOString()
}
