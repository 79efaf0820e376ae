/** Command-line options for the limits of a key. */
import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'

import type { LimitsPatch, RatesPatch } from '../../keys/limits-patch.ts'
import { periods } from '../../keys/limits.ts'

type Rate = keyof RatesPatch

type PeriodBudget = NonNullable<LimitsPatch['budgets']>[number]

/** Limits by scope: `''` is the whole key, anything else a model or wildcard. Null removes a limit. */
type Amounts = Record<string, number | null>

export interface LimitOptions extends Partial<Record<Rate, Amounts>> {
  countTokensRpm?: number | null
  budget?: PeriodBudget[]
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
    .option(
      '--budget <usd/period>',
      `such as 5/day: ${periods.join(', ')}; may be repeated`,
      addBudget,
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

/** Converts options to a patch; limits without an option are absent. */
export function toLimitsPatch(options: LimitOptions): LimitsPatch {
  const { countTokensRpm, budget, strict, onLedgerFailure } = options
  const patch: LimitsPatch = {}
  const models: Record<string, RatesPatch> = {}
  for (const name of ['rpm', 'itpm', 'otpm', 'concurrency'] as const) {
    for (const [scope, amount] of Object.entries(options[name] ?? {})) {
      const target = scope === '' ? patch : (models[scope] ??= {})
      target[name] = amount
    }
  }
  return {
    ...patch,
    ...(Object.keys(models).length === 0 ? {} : { models }),
    ...(countTokensRpm === undefined ? {} : { count_tokens_rpm: countTokensRpm }),
    ...(budget === undefined ? {} : { budgets: budget }),
    ...(strict === undefined ? {} : { strict: strict ? true : null }),
    ...(onLedgerFailure === undefined ? {} : { on_ledger_failure: onLedgerFailure }),
  }
}

/** Parses `50`, `none` or `claude-opus-*=10`; repeated options accumulate. */
export function addAmount(text: string, before: Amounts | undefined): Amounts {
  const at = text.lastIndexOf('=')
  const scope = at === -1 ? '' : text.slice(0, at)
  return { ...before, [scope]: toAmount(text.slice(at + 1)) }
}

function toAmount(text: string): number | null {
  if (text === 'none') {
    return null
  }
  if (!/^[1-9]\d{0,11}$/.test(text)) {
    throw new InvalidArgumentError('must be a positive integer or none.')
  }
  return Number(text)
}

/** Parses `5/day`, `0.50/month` or `none/week`; repeated options accumulate. */
export function addBudget(text: string, before: PeriodBudget[] | undefined): PeriodBudget[] {
  const [, usd = '', name] = /^\$?(none|\d+(?:\.\d+)?)\/(\w+)$/.exec(text) ?? []
  const period = periods.find((known) => known === name)
  if (period === undefined || (usd !== 'none' && !(Number(usd) > 0))) {
    throw new InvalidArgumentError(`must be USD/PERIOD, such as 5/day: ${periods.join(', ')}.`)
  }
  return [...(before ?? []), { usd: usd === 'none' ? null : Number(usd), period }]
}
