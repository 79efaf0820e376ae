/** The project's own documentation, as files. */
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

export interface Page {
  /** Relative to the project, such as `docs/get-started.md`. */
  path: string
  text: string
}

/** Every page that a reader may open: those at the root, under docs/ and in .github/. */
export const pages: readonly Page[] = globSync(
  ['*.md', 'docs/**/*.md', '.github/**/*.md', 'test/cases/*.md'],
  { cwd: root },
)
  .toSorted()
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

/** The page without its code blocks, whose brackets are no links. */
export function withoutCode(text: string): string {
  return text.replace(/^(```+)[^]*?^\1/gm, '').replace(/`[^`\n]*`/g, '')
}
