import { gzipSync } from 'node:zlib'

import { expect, test } from 'vitest'

import { buildConsoleAssets } from '../../src/cli/platform/bundle/console-assets.ts'

const assets = await buildConsoleAssets()

test('the scripts and styles of the console are at most 150 KB compressed, and 12 KB on a page of tables', () => {
  const size = (some: typeof assets): number =>
    some.reduce((sum, { text }) => sum + gzipSync(text).length, 0)
  expect(size(assets)).toBeLessThan(150_000)
  expect(size(assets.filter(({ name }) => name.startsWith('console-')))).toBeLessThan(12_000)
})

test('scripts and styles name no other host', () => {
  // Namespaces and links in messages are not requests; nothing else may look like an address.
  const known = /^https?:\/\/(?:www\.w3\.org|codemirror\.net|lezer)/
  for (const { name, text } of assets) {
    const found = [...text.matchAll(/https?:\/\/[\w.-]+/g)].map(([url]) => url)
    expect([name, found.filter((url) => !known.test(url))]).toEqual([name, []])
    expect(name.endsWith('.css') ? text : '').not.toMatch(/@import|url\(/)
  }
})
