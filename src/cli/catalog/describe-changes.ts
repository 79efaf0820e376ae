/** Formats changes to the catalog as a diff. */
import type { Change } from './proposal.ts'

interface DescribedProvider {
  provider: string
  /** The number of models found. */
  models: number
  notes: readonly string[]
  changes: readonly Change[]
}

/** Marks what `--write` writes with `+`, and what only `--update` writes with `!`. */
export function describeChanges(
  { provider, models, notes, changes }: DescribedProvider,
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
        `! ${change.id}: "${change.field}" is ${JSON.stringify(change.has)} in the catalog, ${JSON.stringify(change.value)} at the provider`,
      ]
  }
}

function toEnd(file: string, write?: true, update?: true): string {
  if (write) {
    return `\nWrote the lines marked +${update ? ' and !' : ''} to ${file}.`
  }
  return `\nNothing was written. Use --write to write the lines marked + to ${file}, and --write --update for those marked ! too.`
}
