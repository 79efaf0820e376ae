/** Files that the documentation names exist. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { describe, expect, test } from 'vitest'

import { layers } from '../../layers.ts'
import { pages } from './pages.ts'

const root = resolve(import.meta.dirname, '../..')

describe('files and folders of this project', () => {
  test.each(pages.filter(({ path }) => path !== 'CONTRIBUTING.md'))(
    'that $path names exist',
    ({ text }) => {
      const named = [...text.matchAll(/`((?:src|test|docs)\/[\w./-]*)`/g)].map(
        ([, path = '']) => path,
      )
      const missing = named.filter(
        (path) => !path.includes('NAME') && !existsSync(join(root, path)),
      )
      expect(missing).toEqual([])
    },
  )
})

test('the architecture page lists the layers as they are', () => {
  const page = pages.find(({ path }) => path === 'docs/architecture.md')
  const section = page?.text.split('\n## ').find((text) => text.startsWith('Layers\n')) ?? ''
  const rows = [...section.matchAll(/^\| `([\w/]+)`/gm)].map(([, room]) => room)
  expect(rows).toEqual(layers.map(({ room }) => room).toReversed())
})
