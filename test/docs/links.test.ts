/** Links between pages of the documentation lead somewhere. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

import { describe, expect, test } from 'vitest'

import { pages, withoutCode } from './pages.ts'

const root = resolve(import.meta.dirname, '../..')

/** Targets of the links and images of a page; addresses of other sites are not looked up. */
function linksOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
}

/** Anchors of a page as GitHub makes them of headings: lower case, hyphens for spaces, no punctuation. */
function anchorsOf(text: string): string[] {
  const headings = text.replace(/^(```+)[^]*?^\1/gm, '').matchAll(/^#+ (.+)$/gm)
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** What is wrong with a link; undefined where it leads somewhere. */
function faultOf(from: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? from : join(dirname(from), path)
  if (!existsSync(join(root, file))) {
    return `${target}: no such file`
  }
  const isMissing =
    anchor !== undefined && !anchorsOf(readFileSync(join(root, file), 'utf8')).includes(anchor)
  return isMissing ? `${target}: no such heading` : undefined
}

describe('links of the documentation', () => {
  test.each(pages)('links of $path lead to files and headings that exist', ({ path, text }) => {
    const faults = linksOf(text).flatMap((target) => faultOf(path, target) ?? [])
    expect(faults).toEqual([])
  })

  test('links reach every page of docs/ from the README', () => {
    const found = new Set<string>()
    const queue = ['README.md']
    for (const path of queue) {
      if (!found.has(path)) {
        found.add(path)
        const page = pages.find((each) => each.path === path)
        const targets = linksOf(page?.text ?? '').map((target) => target.split('#')[0] ?? '')
        queue.push(...targets.map((target) => join(dirname(path), target)))
      }
    }
    const lost = pages.filter(({ path }) => path.startsWith('docs/') && !found.has(path))
    expect(lost.map(({ path }) => path)).toEqual([])
  })

  test('a link to a missing file or heading is reported', () => {
    expect(faultOf('README.md', 'docs/nowhere.md')).toBe('docs/nowhere.md: no such file')
    expect(faultOf('README.md', '#no-such-part')).toBe('#no-such-part: no such heading')
  })
})
