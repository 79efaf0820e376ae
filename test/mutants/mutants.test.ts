import { existsSync, readFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { mutants } from './mutants.ts'

describe.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
  'the mutant "%s"',
  (_, { file, find, tests }) => {
    test('a mutant changes one place of its file', () => {
      expect(readFileSync(file, 'utf8').split(find)).toHaveLength(2)
    })

    test.each(tests)('a mutant is killed by tests that exist: %s', (path) => {
      expect(existsSync(path)).toBe(true)
    })
  },
)
