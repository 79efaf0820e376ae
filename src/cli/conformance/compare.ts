/** Compares the reports of several runs as a Markdown page part: counts, and every check in which they differ. */
import { code, toTable } from '../reference/markdown.ts'
import { subjects } from './checks/index.ts'
import type { Report } from './report.ts'
import { countStatuses, describeCounts, scoreOf, statuses } from './report.ts'
import type { CheckResult } from './run-checks.ts'

/** The tables of a comparison. */
export function toComparison(reports: readonly Report[]): string {
  const names = reports.map(({ name }) => name)
  const totals = [
    ['score', ...reports.map(({ score }) => `${score} %`)],
    ...statuses.map((status) => [status, ...reports.map(({ counts }) => String(counts[status]))]),
  ]
  const bySubject = subjects.map(({ name, title }) => [
    title,
    ...reports.map(({ results }) => {
      const own = results.filter(({ id }) => id.startsWith(`${name}.`))
      return `${scoreOf(own)} %: ${describeCounts(countStatuses(own))}`
    }),
  ])
  const differing = subjects
    .flatMap(({ checks }) => checks)
    .flatMap(({ id, title }) => {
      const results = reports.map((report) => report.results.find((result) => result.id === id))
      const isSame = new Set(results.map((result) => result?.status)).size === 1
      return isSame ? [] : [[code(id), title, ...results.map(toCell)]]
    })
  return [
    toTable(['', ...names], totals),
    toTable(['subject', ...names], bySubject),
    toTable(['check', 'the endpoint …', ...names], differing),
  ].join('\n\n')
}

function toCell(result: CheckResult | undefined): string {
  if (result === undefined) {
    return 'not run'
  }
  const { status, note } = result
  return note === '' ? status : `${status}: ${toText(note)}`
}

/** A note as text of a Markdown cell. */
function toText(note: string): string {
  return note.replaceAll(/[<>*_`[\]]/g, (character) => `\\${character}`)
}
