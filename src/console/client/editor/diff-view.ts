/** The lines in which two texts differ, with some around them. */
import type { DiffLine } from './diff.ts'
import { diffLines } from './diff.ts'

const marks = { same: ' ', added: '+', removed: '-' } as const

/** Shows the differences of the texts in the element's data. */
export function showDiff(element: HTMLElement): void {
  const { before = '', after = '' } = element.dataset
  renderDiff(element, before, after)
}

/** Renders the differences of two texts into an element. */
export function renderDiff(element: HTMLElement, before: string, after: string): void {
  const lines = diffLines(before, after)
  if (lines.every(({ kind }) => kind === 'same')) {
    element.replaceChildren(paragraph('The texts are identical.'))
    return
  }
  const pre = document.createElement('pre')
  pre.className = 'diff'
  pre.tabIndex = 0
  pre.setAttribute('aria-label', 'Differences')
  pre.append(...near(lines).map(toElement))
  element.replaceChildren(pre)
}

/** Lines of context around a difference. */
const around = 3

function near(lines: readonly DiffLine[]): (DiffLine | undefined)[] {
  const changed = lines.flatMap(({ kind }, index) => (kind === 'same' ? [] : [index]))
  const shown = new Set(
    changed.flatMap((index) =>
      Array.from({ length: 2 * around + 1 }, (_, at) => index + at - around),
    ),
  )
  const kept: (DiffLine | undefined)[] = []
  lines.forEach((line, index) => {
    if (shown.has(index)) {
      kept.push(line)
    } else if (kept.at(-1) !== undefined) {
      kept.push(undefined)
    }
  })
  return kept
}

function toElement(line: DiffLine | undefined): HTMLElement {
  const element = document.createElement('span')
  element.className = line?.kind ?? 'gap'
  element.textContent = line === undefined ? '⋯\n' : `${marks[line.kind]} ${line.text}\n`
  return element
}

function paragraph(text: string): HTMLElement {
  const element = document.createElement('p')
  element.className = 'muted'
  element.textContent = text
  return element
}
