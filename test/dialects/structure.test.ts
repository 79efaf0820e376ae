/** Every dialect is a folder of one shape, so that a reader of one finds the way in all of them. */
import { expect, test } from 'vitest'

import { dialects } from '../../src/dialects/index.ts'

const modules = import.meta.glob<Record<string, unknown>>('../../src/dialects/*/**/*.ts', {
  eager: true,
})
const files = Object.keys(modules).map((path) => path.replace('../../src/dialects/', ''))
const folders = [...new Set(files.map((path) => path.split('/')[0] ?? ''))].filter(
  (folder) => folder !== 'shared',
)
/** Passes Anthropic's own protocol through: nothing is read back, and hosts that wrap it have a room. */
const passThrough = 'anthropic'
const translated = folders.filter((folder) => folder !== passThrough)

function exportsOf(path: string): string[] {
  return Object.keys(modules[`../../src/dialects/${path}`] ?? {})
}

test.each(translated)(
  'the folder of %s has the files and folders of a translated dialect',
  (folder) => {
    const own = files.filter((path) => path.startsWith(`${folder}/`))
    const rooms = new Set(
      own
        .map((path) => path.split('/'))
        .flatMap(([, room, file]) => (file === undefined ? [] : [room])),
    )
    expect(rooms).toEqual(new Set(['request', 'response']))
    for (const file of [
      'index.ts',
      'quirks.ts',
      'wire.ts',
      'request/plan.ts',
      'request/request.ts',
    ]) {
      expect(own).toContain(`${folder}/${file}`)
    }
  },
)

test.each(translated)(
  'the dialect %s exports toRequest and its readers from the files of those names',
  (folder) => {
    expect(exportsOf(`${folder}/request/request.ts`)).toContain('toRequest')
    expect(exportsOf(`${folder}/response/stream.ts`)).toContain('createReader')
    expect(exportsOf(`${folder}/response/reply.ts`)).toContain('readReply')
  },
)

test.each(translated)('the quirks of %s have a schema and a default for each flag', (folder) => {
  const names = exportsOf(`${folder}/quirks.ts`)
  expect(names.filter((name) => name.startsWith('default'))).toHaveLength(1)
  expect(names.filter((name) => name.endsWith('Quirks'))).toEqual(names)
})

test.each(folders)('the folder %s exports exactly one dialect, under its own name', (folder) => {
  const exported = Object.values(modules[`../../src/dialects/${folder}/index.ts`] ?? {})
  expect(exported).toEqual([dialects[folder]])
  expect(dialects[folder]?.name).toBe(folder)
})

test('the pass-through dialect has folders for requests, hosts and errors, and no response reader', () => {
  const rooms = new Set(
    files
      .filter((path) => path.startsWith(`${passThrough}/`))
      .map((path) => path.split('/').slice(1, -1).join('/')),
  )
  expect(rooms).toEqual(new Set(['', 'hosts', 'request', 'response']))
})
