/** Changes to the catalogue as a diff to read. */
import type { Change } from './proposal.ts'

interface Described {
  provider: string
  /** How many models were found. */
  models: number
  notes: readonly string[]
  changes: readonly Change[]
}

/** Lines with `+` are what `--write` writes, those with `!` what `--update` writes too. */
export function describeChanges(
  { provider, models, notes, changes }: Described,
  { file, write, update }: { file: string; write?: true; update?: true },
): string {
  const count = (kind: Change['kind']): number =>
    changes.filter((each) => each.kind === kind).length
  const differing = count('differs')
  return [
    ...notes,
    `${provider}: ${models} models found; ${count('add')} to add, ${count('fill')} fields to fill in, ${differing} values differ.`,
    ...changes.flatMap(describe),
    ...(changes.length === 0 ? [] : [toEnd(file, write, update)]),
  ].join('\n')
}

function describe(change: Change): string[] {
  switch (change.kind) {
    case 'add':
      return [
        '',
        ...JSON.stringify(change.entry, null, 2)
          .split('\n')
          .map((line) => `+ ${line}`),
      ]
    case 'fill':
      return [`+ ${change.id}: "${change.field}": ${JSON.stringify(change.value)}`]
    case 'differs':
      return [
        `! ${change.id}: "${change.field}" is ${JSON.stringify(change.has)} here, ${JSON.stringify(change.value)} there`,
      ]
  }
}

function toEnd(file: string, write?: true, update?: true): string {
  if (write) {
    return `\nThe lines with +${update ? ' and !' : ''} are written to ${file}.`
  }
  return `\nNothing is written. --write puts the lines with + into ${file}, --update those with ! too.`
}
