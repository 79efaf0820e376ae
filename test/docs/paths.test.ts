/** Files that the documentation names exist. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { describe, expect, test } from 'vitest'

import { pages } from './pages.ts'

const root = resolve(import.meta.dirname, '../..')

describe('files and folders of this project', () => {
  test.each(pages)('files and folders that $path names exist', ({ text }) => {
    const named = [...text.matchAll(/`((?:src|test|docs)\/[\w./-]*)`/g)].map(
      ([, path = '']) => path,
    )
    const missing = named.filter((path) => !path.includes('NAME') && !existsSync(join(root, path)))
    expect(missing).toEqual([])
  })
})
