import { describe, expect, test } from 'vitest'

import { locateFaults } from '../../src/catalog/check/locate.ts'
import { catalogEntry } from '../../src/catalog/load.ts'
import type { Catalog } from '../../src/catalog/schema/catalog.ts'
import { describeDifferences } from '../../src/catalog/versions/differences.ts'
import {
  bundledEtag,
  keptVersions,
  listVersions,
  pushCatalog,
  readVersion,
} from '../../src/catalog/versions/versions.ts'
import { createMemoryKv } from '../keys/memory-kv.ts'

const now = new Date('2026-11-28T12:00:00Z')

describe('versions of the catalog', () => {
  test('versions of the catalog are the latest twenty, with who wrote them, and the first begins with nothing', async () => {
    const kv = createMemoryKv()
    let expected = bundledEtag
    for (let number = 1; number <= keptVersions + 3; number += 1) {
      const push = { text: `text ${number}`, expected, actor: 'key:a', note: `note ${number}` }
      const pushed = await pushCatalog(kv, push, now)
      expected = 'version' in pushed ? pushed.version.etag : ''
    }
    const versions = await listVersions(kv)
    expect(versions.map(({ number }) => number)).toEqual(
      Array.from({ length: keptVersions }, (_, at) => keptVersions + 3 - at),
    )
    expect(await readVersion(kv, 23)).toMatchObject({
      text: 'text 23',
      version: { actor: 'key:a' },
    })
    expect(await readVersion(kv, 3)).toBeUndefined()
  })

  test('versions of the catalog are not written over a text that the author has not seen', async () => {
    const kv = createMemoryKv()
    await kv.put(catalogEntry, 'by a command')
    const push = { text: 'new', expected: bundledEtag, actor: 'key:a', note: '' }
    const refused = await pushCatalog(kv, push, now)
    expect(refused).toEqual({ conflict: expect.stringMatching(/^"[0-9a-f]{32}"$/) })
    expect(await kv.get(catalogEntry)).toBe('by a command')

    const expected = 'conflict' in refused ? refused.conflict : ''
    await pushCatalog(kv, { ...push, expected }, now)
    expect((await listVersions(kv)).map(({ number, note }) => [number, note])).toEqual([
      [2, ''],
      [1, 'written by a command'],
    ])
    expect((await readVersion(kv, 1))?.text).toBe('by a command')
  })
})

describe('the place of a fault', () => {
  const text = `{
  "version": 1,
  "providers": { "a.b": { "base_url": "}" }, "a": { "b": { "base_url": 2 } } },
  "models": [
    { "id": "x\\"y", "targets": [] },
    {
      "id": "m",
      "targets": [{ "provider": "p",
        "model": 5 }]
    }
  ]
}`

  test.each([
    ['models.1.targets.0.model', 9, 18],
    ['models.0.targets', 5, 32],
    ['models.1.price', 6, 5],
    ['providers.a.b.base_url', 3, 39],
    ['unknown', 1, 1],
    ['', 1, 1],
  ])('the place of a fault is found: %s', (path, line, column) => {
    const [located] = locateFaults(text, [{ path, message: 'wrong' }])
    expect(located?.at).toEqual({ line, column })
  })

  test('the place of a fault is where the parser stops in what is not JSON', () => {
    const message = 'not valid JSON: Unexpected token in JSON at position 4'
    expect(locateFaults('{\n  x', [{ path: '', message }])[0]?.at).toEqual({ line: 2, column: 3 })
    for (const broken of ['', '{', '[{"a"', '"', '{"models": [', '\\']) {
      expect(locateFaults(broken, [{ path: 'models.0.id', message: '' }])[0]?.at.line).toBe(1)
    }
  })

  test('the place of a fault is found in time for a text of a megabyte', () => {
    const models = Array.from({ length: 20_000 }, (_, at) => ({
      id: `m${at}`,
      targets: [{ a: '{[' }],
    }))
    const long = JSON.stringify({ models })
    const start = performance.now()
    locateFaults(long, [{ path: 'models.19999.targets.0.a', message: '' }])
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

test('a change of the catalog is described in sentences', () => {
  const target = { provider: 'a', model: 'x' }
  const before: Catalog = {
    version: 1,
    providers: { a: { preset: 'p' }, b: { preset: 'p' } },
    models: [
      { id: 'm', targets: [target] },
      { id: 'old', targets: [target] },
      { id: 'same', targets: [target] },
    ],
    aliases: { quick: 'm', gone: 'm' },
  }
  const after: Catalog = {
    version: 1,
    providers: { a: { preset: 'q' }, c: { preset: 'p' } },
    models: [
      { id: 'm', targets: [{ provider: 'c', model: 'y' }, target] },
      { id: 'same', targets: [target], max_tokens: 5 },
      { id: 'new', targets: [target] },
    ],
    aliases: { quick: 'new' },
  }
  expect(describeDifferences(before, before)).toEqual([])
  expect(describeDifferences(before, after)).toEqual([
    'Provider c is added.',
    'Provider b is removed.',
    'Provider a is changed.',
    'Model m is served by c/y, then a/x; before, by a/x.',
    'Model same has a different max_tokens.',
    'Model new is added, served by a/x.',
    'Model old is removed.',
    'Alias quick resolves to new; before, to m.',
    'Alias gone is removed.',
  ])
})
