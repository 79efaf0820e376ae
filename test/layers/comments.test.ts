import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { findFragments, findUndocumented } from './check-comments.ts'

describe('doc comments', () => {
  test('every exported function, class, type and constant of src has a doc comment', () => {
    expect(findUndocumented('src')).toEqual([])
  })

  test('no doc comment of src begins with a word that refers to the code around it', () => {
    expect(findFragments('src')).toEqual([])
  })
})

describe('the check of doc comments', () => {
  const root = mkdtempSync(join(tmpdir(), 'comments-'))
  afterAll(() => rmSync(root, { recursive: true }))

  test('the check of doc comments reports exports without a doc comment, and accepts overloads and line comments between', () => {
    writeFileSync(
      join(root, 'planted.ts'),
      [
        '/** The head of the file. */',
        "import type { A } from './a.ts'",
        '',
        'export interface Bare { a: A }',
        '/** Adds. */',
        'export function add(a: A): A',
        'export function add(a: unknown): unknown {',
        '  return a',
        '}',
        '/** The bound. */',
        '// A reason for the linter.',
        'export const bound = 1',
        'export async function bare(): Promise<void> {}',
      ].join('\n'),
    )
    expect(findUndocumented(root)).toEqual(['planted.ts: Bare', 'planted.ts: bare'])
  })

  test.for([
    ['/** Of the key. */', true],
    ['  /** Where it is sent. */', true],
    ['/**\n * In milliseconds,\n * rounded.\n */', true],
    ['/** The same for groups. */', true],
    ['/** The sender. */', false],
    ['/** Whether it is open. */', false],
    ['/** Forwards a body. */', false],
  ] as const)('the check of doc comments reads the first word of %j', ([comment, isFragment]) => {
    writeFileSync(join(root, 'planted.ts'), `${comment}\nexport const a = 1\n`)
    expect(findFragments(root)).toHaveLength(isFragment ? 1 : 0)
  })
})
