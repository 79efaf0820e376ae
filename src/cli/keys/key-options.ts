/** How the fields of a key are written on the command line. */
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'

import type { KeyInput } from '../../keys/fields.ts'
import { UserError } from '../platform/stop.ts'
import type { LimitOptions } from './limit-options.ts'
import { addLimits, toLimitsPatch } from './limit-options.ts'

export interface KeyOptions extends LimitOptions {
  name?: string
  expires?: string
  models?: string[]
  scopes?: string[]
  metadata?: Record<string, string>
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** Adds the options that `create` and `update` share. */
export function addFields(command: Command): Command {
  command
    .option(
      '--expires <when>',
      'a time from now (12h, 30d, 2w), a date (2027-01-31), or never, which is the default',
    )
    .option(
      '--models <list>',
      'ids or wildcards that it may use, separated by commas; all by default',
      addList,
    )
    .option('--scopes <list>', 'what it may be used for: inference (default), admin', addList)
    .option('--metadata <name=value>', 'kept with it; may be repeated', addPair)
  return addLimits(command)
}

/** What the options say of a key, and nothing of what they do not. Throws a UserError. */
export function toKeyInput(options: KeyOptions, now: Date): KeyInput {
  const { name, expires, models, scopes, metadata } = options
  if (name !== undefined && (name === '' || name.length > 100)) {
    throw new UserError('--name must have 1 to 100 characters.')
  }
  const limits = toLimitsPatch(options)
  return {
    ...(name === undefined ? {} : { name }),
    ...(expires === undefined ? {} : { expires_at: toEnd(expires, now) }),
    ...(models === undefined ? {} : { models }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  }
}

function toEnd(text: string, now: Date): string | null {
  return text === 'never' ? null : toExpiry(text, now).toISOString()
}

/** `90m`, `12h`, `30d`, `2w` from now, or a date in ISO 8601. Throws a UserError for what is neither, or past. */
export function toExpiry(text: string, now: Date): Date {
  const span = toDuration(text)
  const date = span === undefined ? toDate(text) : new Date(now.getTime() + span)
  if (Number.isNaN(date.getTime())) {
    throw new UserError(
      `--expires ${text}: give a time from now such as 12h, 30d or 2w, or a date such as 2027-01-31.`,
    )
  }
  if (date <= now) {
    throw new UserError(`--expires ${text}: that is past.`)
  }
  return date
}

/** A date in ISO 8601; an invalid one for anything else. */
export function toDate(text: string): Date {
  const isDate = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)
  return new Date(isDate ? text : Number.NaN)
}

/** `90s`, `15m`, `12h`, `30d`, `2w` in milliseconds; undefined for what is none. */
export function toDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? []
  return amount === undefined ? undefined : Number(amount) * unitMs[toUnit(unit)]
}

function toUnit(text: string | undefined): keyof typeof unitMs {
  return text === 's' || text === 'm' || text === 'h' || text === 'd' ? text : 'w'
}

/** `a,b` and repeated options add up. */
export function addList(text: string, before: string[] | undefined): string[] {
  const names = text.split(',').map((name) => name.trim())
  return [...(before ?? []), ...names.filter((name) => name !== '')]
}

/** `team=search`; repeated options add up. */
export function addPair(
  text: string,
  before: Record<string, string> | undefined,
): Record<string, string> {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (key === undefined || value === undefined) {
    throw new InvalidArgumentError('must be written NAME=VALUE.')
  }
  return { ...before, [key]: value }
}
