/**
 * Golden requests of all dialects, a folder each: what a client sends, and what goes up.
 * `0-target.json` says to whom; without it, to a server of which nothing is known. What could not be
 * carried is in `2-adapted.txt`.
 */
import { describe, expect, test } from 'vitest'

import { toLine, translate } from '../support/translate.ts'
import type { RequestTarget } from '../support/translate.ts'

// As text: vite's own JSON parser refuses lone surrogates.
const clients = import.meta.glob<string>('../cases/*/*/1-client.json', {
  eager: true,
  import: 'default',
  query: '?raw',
})
const targets = import.meta.glob<RequestTarget>('../cases/*/*/0-target.json', {
  eager: true,
  import: 'default',
})
const recorded = import.meta.glob('../cases/*/*/2-adapted.txt')
const folders = Object.keys(clients).map((path) => path.replace('/1-client.json', ''))

describe.each(folders)('%s', (folder) => {
  const client: unknown = JSON.parse(clients[`${folder}/1-client.json`] ?? '')
  const dialect = folder.split('/').at(-2) ?? ''
  const target = { dialect, ...targets[`${folder}/0-target.json`] }

  test('the request of a case is translated as in its golden, and the client’s body is not mutated', async () => {
    const before = JSON.stringify(client)
    const { upstream, adaptations } = translate(client, target)
    const body = `${JSON.stringify(upstream.body, null, 2)}\n`
    await expect(body).toMatchFileSnapshot(`${folder}/2-upstream.json`)
    const adapted = adaptations.map((adaptation) => `${toLine(adaptation)}\n`).join('')
    const adaptedPath = `${folder}/2-adapted.txt`
    if (adapted !== '' || adaptedPath in recorded) {
      await expect(adapted).toMatchFileSnapshot(adaptedPath)
    }
    expect(JSON.stringify(client)).toBe(before)
  })
})
