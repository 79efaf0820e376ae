/** Command-line options of a correction of what was charged. */
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'

import type { AdjustmentInput } from '../../../ledger/usage/adjust.ts'
import { toDate } from './limit-options.ts'

/** The options of `keys adjust` and `groups adjust`. */
export interface AdjustOptions {
  usd: number
  why: string
  model?: string
  date?: string
}

/** Adds `--usd`, `--why`, `--model` and `--date` to a command. */
export function addAdjustOptions(command: Command): Command {
  return command
    .requiredOption('--usd <amount>', 'dollars to add; negative for a credit, such as -3.20', toUsd)
    .requiredOption('--why <reason>', 'why; it is kept with the entry and in the audit log')
    .option('--model <id>', 'the model that it is for, whose own budgets it counts in too')
    .option('--date <date>', 'the day that it counts in (default: now)', toPastDate)
}

/** Converts the options of an adjustment to its fields. */
export function toAdjustmentInput({ usd, why, model, date }: AdjustOptions): AdjustmentInput {
  return { usd, why, model, date }
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
