/** `keys create --from FILE`: a key for each line of a CSV file, all checked before the first is created. */
import { readFile } from 'node:fs/promises'

import { InvalidArgumentError } from 'commander'

import type { KeyInput } from '../../keys/fields.ts'
import { checkDates } from '../../keys/fields.ts'
import { applyLimits, InvalidChange } from '../../keys/limits-patch.ts'
import { printableJson } from '../platform/printable.ts'
import { UsageError, UserError } from '../platform/run-command.ts'
import type { KeyAdmin, WithSecret } from './access/key-admin.ts'
import { parseCsv, toCsvLine } from './csv.ts'
import type { KeyOptions } from './options/key-options.ts'
import { addList, toKeyInput } from './options/key-options.ts'
import { addAmount, addBudget, toAmount } from './options/limit-options.ts'

/** A key that is to be created. */
interface PlannedKey {
  line: number
  name: string
  input: KeyInput
}

/** The options of `keys create --from`. */
export interface ManyOptions extends KeyOptions {
  from: string
  json?: boolean
  skipExisting?: boolean
}

/**
 * The columns besides `name`, and how each sets its option. A cell may have several values,
 * separated by `;`.
 */
const columns: Readonly<Record<string, (options: KeyOptions, cell: string) => void>> = {
  expires: (options, cell) => (options.expires = cell),
  group: (options, cell) => (options.group = cell),
  models: (options, cell) => (options.models = addList(cell.replaceAll(';', ','), undefined)),
  scopes: (options, cell) => (options.scopes = addList(cell.replaceAll(';', ','), undefined)),
  budget: (options, cell) => (options.budget = addUp(cell, addBudget)),
  rpm: (options, cell) => (options.rpm = addUp(cell, addAmount)),
  itpm: (options, cell) => (options.itpm = addUp(cell, addAmount)),
  otpm: (options, cell) => (options.otpm = addUp(cell, addAmount)),
  concurrency: (options, cell) => (options.concurrency = addUp(cell, addAmount)),
  count_tokens_rpm: (options, cell) => (options.countTokensRpm = toAmount(cell)),
}

const metadataColumn = /^metadata\.(.+)$/

function addUp<Value>(
  cell: string,
  add: (text: string, before: Value | undefined) => Value,
): Value {
  const [first = '', ...others] = cell.split(';').map((text) => text.trim())
  return others.reduce((sum, text) => add(text, sum), add(first, undefined))
}

/**
 * Creates the keys, prints each as soon as it exists, so that none is lost if a later one fails, and
 * returns them.
 * Options are what lines without the column get. Throws a UsageError that names each line at fault, before
 * anything is created.
 */
export async function createMany(
  admin: KeyAdmin,
  options: ManyOptions,
  print: (line: string) => void,
): Promise<WithSecret[]> {
  const { from, skipExisting = false, json = false } = options
  const text = await readFile(from === '-' ? '/dev/stdin' : from, 'utf8').catch(() => {
    throw new UsageError(`--from ${from}: file not found.`)
  })
  const planned = await plan(admin, text, options)
  const known = skipExisting ? await readNames(admin) : new Set<string>()
  const wanted = planned.filter(({ name }) => !known.has(name))
  if (!json) {
    print(toCsvLine(['name', 'id', 'key']))
  }
  const made: WithSecret[] = []
  for (const { line, name, input } of wanted) {
    const created = await admin.create(name, input).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : 'unknown error'
      throw new UserError(
        `${from}:${line}: the key of ${name} was not created: ${reason}\n${made.length} of ${wanted.length} keys were created, and are printed above. Repeat the command with --skip-existing for the others.`,
      )
    })
    made.push(created)
    const { id, key = '' } = created
    print(json ? printableJson({ name, id, key }) : toCsvLine([name, id, key]))
  }
  return made
}

async function readNames(admin: KeyAdmin): Promise<Set<string>> {
  const keys = await admin.list()
  return new Set(keys.filter(({ status }) => status !== 'revoked').map(({ name }) => name))
}

async function plan(admin: KeyAdmin, text: string, options: ManyOptions): Promise<PlannedKey[]> {
  const [head, ...rows] = parseCsv(text) ?? []
  if (head?.cells.includes('name') !== true) {
    throw new UsageError(
      `${options.from}: the first line must name the columns, one of them name; others may be ${Object.keys(columns).join(', ')} and metadata.NAME.`,
    )
  }
  const faults: string[] = head.cells
    .filter((name) => name !== 'name' && !(name in columns) && !metadataColumn.test(name))
    .map((name) => `${options.from}:1: unknown column ${name}.`)
  const planned: PlannedKey[] = []
  for (const { line, cells } of rows) {
    try {
      const named = toOptions(head.cells, cells, options)
      const input = toKeyInput(named, new Date())
      checkDates(input, new Date())
      applyLimits({}, input.limits ?? {})
      planned.push({ line, name: named.name, input: await admin.withGroup(input, named.group) })
    } catch (error) {
      if (!isFault(error)) {
        throw error
      }
      faults.push(`${options.from}:${line}: ${error.message}`)
    }
  }
  faults.push(...findRepeated(planned, options.from))
  if (faults.length > 0) {
    throw new UsageError(`${faults.join('\n')}\nNo key was created.`)
  }
  return planned
}

function isFault(error: unknown): error is Error {
  return (
    error instanceof UserError ||
    error instanceof InvalidChange ||
    error instanceof InvalidArgumentError
  )
}

function toOptions(
  head: readonly string[],
  cells: readonly string[],
  defaults: KeyOptions,
): KeyOptions & { name: string } {
  if (cells.length !== head.length) {
    throw new UsageError(`it has ${cells.length} cells, but the first line has ${head.length}.`)
  }
  const metadata: Record<string, string> = { ...defaults.metadata }
  const options: KeyOptions = { ...defaults, metadata }
  for (const [index, cell] of cells.entries()) {
    const column = head[index] ?? ''
    const [, name] = metadataColumn.exec(column) ?? []
    if (cell !== '' && name !== undefined) {
      metadata[name] = cell
    } else if (cell !== '') {
      columns[column]?.(options, cell)
    }
  }
  return { ...options, name: toName(cells[head.indexOf('name')]) }
}

function toName(cell = ''): string {
  if (cell === '' || cell.length > 100) {
    throw new UsageError('name must have 1 to 100 characters.')
  }
  return cell
}

function findRepeated(planned: readonly PlannedKey[], file: string): string[] {
  const lines = new Map<string, number>()
  return planned.flatMap(({ name, line }) => {
    const first = lines.get(name)
    lines.set(name, first ?? line)
    return first === undefined
      ? []
      : [`${file}:${line}: ${name} is also the name in line ${first}.`]
  })
}
