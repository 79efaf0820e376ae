/** Command-line options for the limits of a key. */
import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'

import type { BudgetPatch, LimitsPatch, ModelLimitsPatch } from '../../../keys/limits-patch.ts'
import { periods } from '../../../keys/limits.ts'
import { defined } from '../../../platform/defined.ts'
import { UsageError } from '../../platform/run-command.ts'

const rateNames = ['rpm', 'itpm', 'otpm', 'concurrency'] as const
type Rate = (typeof rateNames)[number]

/** Limits by scope: `''` is the whole key, anything else a model or wildcard. Null removes a limit. */
type Amounts = Record<string, number | null>

/** Budgets by the same scopes as {@link Amounts}. */
type Budgets = Record<string, BudgetPatch[]>

/** The options for limits; null removes a limit. */
export interface LimitOptions extends Partial<Record<Rate, Amounts>> {
  countTokensRpm?: number | null
  fileBytes?: number | null
  fileCount?: number | null
  webSearchesPerDay?: number | null
  batchItemsPerDay?: number | null
  batchInFlight?: number | null
  budget?: Budgets
  hard?: boolean
  /** The end of the budget in ISO 8601. */
  until?: string
  strict?: boolean
  onLedgerFailure?: 'allow' | 'deny'
}

const rates: Record<Rate, string> = {
  rpm: 'requests per minute',
  itpm: 'input tokens per minute',
  otpm: 'output tokens per minute',
  concurrency: 'concurrent requests',
}

/** Adds an option for each limit to a command; the value `none` removes a limit. */
export function addLimitOptions(command: Command): Command {
  for (const [name, what] of Object.entries(rates)) {
    command.option(
      `--${name} <limit>`,
      `${what}: N, or MODEL=N for a model or wildcard; may be repeated`,
      addAmount,
    )
  }
  return command
    .option(
      '--count-tokens-rpm <limit>',
      'count_tokens requests per minute (default: as --rpm)',
      toAmount,
    )
    .option('--file-bytes <limit>', 'bytes of all files of the key (default: 1 GB)', toAmount)
    .option('--file-count <limit>', 'files of the key (default: 10,000)', toAmount)
    .option(
      '--web-searches-per-day <limit>',
      'web searches per day; 0 forbids them',
      toAmountOrZero,
    )
    .option('--batch-items-per-day <limit>', 'requests in message batches per day', toAmount)
    .option('--batch-in-flight <limit>', 'requests in batches that have not ended', toAmount)
    .option(
      '--budget <usd/period>',
      `such as 5/day (${periods.join(', ')}), or MODEL=5/day for a model or wildcard; may be repeated`,
      addBudget,
    )
    .option('--hard', 'never exceed the budgets named here: reserve max_tokens in full')
    .option('--no-hard', 'turn --hard off')
    .option(
      '--until <date>',
      'raise the budgets named here until a date (2027-01-31, 2027-01-31T18:00Z); then the old ones hold again',
      toUntil,
    )
    .option('--strict', 'check every request with the ledger, so that a revocation is immediate')
    .option('--no-strict', 'turn --strict off')
    .addOption(
      new Option(
        '--on-ledger-failure <what>',
        'when the ledger is unavailable: allow (default) or deny (default with budgets or strict)',
      ).choices(['allow', 'deny']),
    )
}

/** Converts options to a patch; limits without an option are absent. Throws a UsageError. */
export function toLimitsPatch(options: LimitOptions): LimitsPatch {
  const patches: Record<string, ModelLimitsPatch> = {}
  for (const name of rateNames) {
    for (const [scope, amount] of Object.entries(options[name] ?? {})) {
      patches[scope] = { ...patches[scope], [name]: amount }
    }
  }
  for (const [scope, budgets] of Object.entries(toBudgets(options))) {
    patches[scope] = { ...patches[scope], budgets }
  }
  const { '': patch, ...models } = patches
  return {
    ...patch,
    ...defined({
      models: ifAny(models),
      count_tokens_rpm: options.countTokensRpm,
      web_search: options.webSearchesPerDay,
      files: ifAny(defined({ bytes: options.fileBytes, count: options.fileCount })),
      batch: ifAny(
        defined({ items_per_day: options.batchItemsPerDay, in_flight: options.batchInFlight }),
      ),
      strict: toFlag(options.strict),
      on_ledger_failure: options.onLedgerFailure,
    }),
  }
}

/** Returns the fields; undefined if there are none. */
export function ifAny<Fields extends object>(fields: Fields): Fields | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields
}

/** The value of a flag in a patch, where null is the default. */
function toFlag(flag: boolean | undefined): true | null | undefined {
  return flag === undefined ? undefined : flag || null
}

/** The given budgets, with `--hard` and `--until`, which apply to all of them. */
function toBudgets({ budget = {}, hard, until }: LimitOptions): Budgets {
  const kind = defined({ hard: toFlag(hard), until })
  const scopes = Object.entries(budget)
  if (scopes.length === 0 && Object.keys(kind).length > 0) {
    throw new UsageError(
      '--hard and --until say how the budgets named with --budget hold; name one.',
    )
  }
  return Object.fromEntries(
    scopes.map(([scope, budgets]) => [scope, budgets.map((named) => ({ ...named, ...kind }))]),
  )
}

/** Parses `50`, `none` or `claude-opus-*=10`; repeated options accumulate. */
export function addAmount(text: string, before: Amounts | undefined): Amounts {
  const at = text.lastIndexOf('=')
  const scope = at === -1 ? '' : text.slice(0, at)
  return { ...before, [scope]: toAmount(text.slice(at + 1)) }
}

/** Parses a positive integer; null for `none`. */
export function toAmount(text: string): number | null {
  if (text === 'none') {
    return null
  }
  if (!/^[1-9]\d{0,11}$/.test(text)) {
    throw new InvalidArgumentError('must be a positive integer or none.')
  }
  return Number(text)
}

/** Parses a limit of which 0 forbids the use. */
function toAmountOrZero(text: string): number | null {
  return text === '0' ? 0 : toAmount(text)
}

/** Parses `5/day`, `none/week` or `claude-opus-*=2/day`; repeated options accumulate. */
export function addBudget(text: string, before: Budgets | undefined): Budgets {
  const [, pattern, usd = '', name] = /^(?:(.+)=)?\$?(none|\d+(?:\.\d+)?)\/(\w+)$/.exec(text) ?? []
  const period = periods.find((known) => known === name)
  if (period === undefined || (usd !== 'none' && !(Number(usd) > 0))) {
    throw new InvalidArgumentError(
      `must be USD/PERIOD or MODEL=USD/PERIOD, such as 5/day; periods are ${periods.join(', ')}.`,
    )
  }
  const scope = pattern ?? ''
  const named = { usd: usd === 'none' ? null : Number(usd), period }
  return { ...before, [scope]: [...(before?.[scope] ?? []), named] }
}

function toUntil(text: string): string {
  const date = toDate(text)
  if (Number.isNaN(date.getTime()) || date.getTime() <= Date.now()) {
    throw new InvalidArgumentError('must be a date in the future, such as 2027-01-31.')
  }
  return date.toISOString()
}

/** Parses a date in ISO 8601; returns an invalid Date for anything else. */
export function toDate(text: string): Date {
  const isDate = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)
  return new Date(isDate ? text : Number.NaN)
}
