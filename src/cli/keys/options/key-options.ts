/** Command-line options for the fields of a key. */
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'

import type { KeyInput } from '../../../keys/fields.ts'
import type { GroupInput } from '../../../keys/groups/change.ts'
import { scopes as knownScopes } from '../../../keys/record.ts'
import { defined } from '../../../platform/defined.ts'
import { UsageError } from '../../platform/run-command.ts'
import type { LimitOptions } from './limit-options.ts'
import { addLimitOptions, ifAny, toDate, toLimitsPatch } from './limit-options.ts'

/** The options for the fields of a key. */
export interface KeyOptions extends LimitOptions {
  name?: string
  expires?: string
  models?: string[]
  scopes?: string[]
  metadata?: Record<string, string>
  /** A group's id or name; `none` for none. */
  group?: string
}

/** The fields of a group. */
export type GroupOptions = Pick<KeyOptions, 'name' | 'models' | 'metadata'> & LimitOptions

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** Adds the options that `create` and `update` share to a command. */
export function addKeyFieldOptions(command: Command): Command {
  command
    .option(
      '--expires <when>',
      'a duration from now (12h, 30d, 2w), a date (2027-01-31), or never (default)',
    )
    .option(
      '--scopes <list>',
      'permissions, separated by commas: inference (default), admin',
      addList,
    )
    .option('--group <group>', 'the id or name of the group that it belongs to; none for none')
  return addGroupFieldOptions(command)
}

/** Adds the options that commands which create or update a key or group share: models, metadata and limits. */
export function addGroupFieldOptions(command: Command): Command {
  command
    .option(
      '--models <list>',
      'model ids or wildcards that may be used, separated by commas (default: all)',
      addList,
    )
    .option('--metadata <name=value>', 'stored with it; may be repeated', addPair)
  return addLimitOptions(command)
}

/** Converts options to the fields of a group. Throws a UsageError. */
export function toGroupInput(options: GroupOptions, now: Date): GroupInput {
  const { name, models, metadata, limits } = toKeyInput(options, now)
  return defined({ name, models, metadata, limits })
}

/** Converts options to the fields of a key; fields without an option are absent. Throws a UsageError. */
export function toKeyInput(options: KeyOptions, now: Date): KeyInput {
  const { name, expires, models, scopes, metadata } = options
  if (name !== undefined && (name === '' || name.length > 100)) {
    throw new UsageError('--name must have 1 to 100 characters.')
  }
  const unknownScope = scopes?.find((scope) => !isScope(scope))
  if (unknownScope !== undefined) {
    throw new UsageError(
      `--scopes ${unknownScope}: unknown scope; use ${knownScopes.join(' or ')}.`,
    )
  }
  return defined({
    name,
    expires_at: expires === undefined ? undefined : toExpiresAt(expires, now),
    models,
    scopes: scopes?.filter(isScope),
    metadata,
    limits: ifAny(toLimitsPatch(options)),
  })
}

type Scope = (typeof knownScopes)[number]

function isScope(name: string): name is Scope {
  return knownScopes.some((known) => known === name)
}

function toExpiresAt(text: string, now: Date): string | null {
  return text === 'never' ? null : toExpiry(text, now).toISOString()
}

/** Parses a duration from now (`90m`, `12h`, `30d`, `2w`) or a date in ISO 8601. Throws a UsageError if it is neither, or in the past. */
export function toExpiry(text: string, now: Date): Date {
  const span = toDuration(text)
  const date = span === undefined ? toDate(text) : new Date(now.getTime() + span)
  if (Number.isNaN(date.getTime())) {
    throw new UsageError(
      `--expires ${text}: must be a duration such as 12h, 30d or 2w, or a date such as 2027-01-31.`,
    )
  }
  if (date <= now) {
    throw new UsageError(`--expires ${text}: must be in the future.`)
  }
  return date
}

/** Parses a duration (`90s`, `15m`, `12h`, `30d`, `2w`) to milliseconds; undefined if it is not one. */
export function toDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? []
  return amount === undefined ? undefined : Number(amount) * unitMs[toUnit(unit)]
}

function toUnit(text: string | undefined): keyof typeof unitMs {
  return text === 's' || text === 'm' || text === 'h' || text === 'd' ? text : 'w'
}

/** Parses `a,b`; repeated options accumulate. */
export function addList(text: string, before: string[] | undefined): string[] {
  const names = text.split(',').map((name) => name.trim())
  return [...(before ?? []), ...names.filter((name) => name !== '')]
}

/** Parses `team=search`; repeated options accumulate. */
export function addPair(
  text: string,
  before: Record<string, string> | undefined,
): Record<string, string> {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (key === undefined || value === undefined) {
    throw new InvalidArgumentError('must have the form NAME=VALUE.')
  }
  return { ...before, [key]: value }
}
