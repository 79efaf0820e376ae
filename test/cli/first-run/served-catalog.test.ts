import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { readServedCatalog } from '../../../src/cli/first-run/served-catalog.ts'
import { presets } from '../../../src/providers/index.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'messages-gateway-test-'))
  // A machine without keys and model servers.
  for (const { secret } of Object.values(presets)) {
    if (secret !== undefined && secret !== null) {
      vi.stubEnv(secret, '')
    }
  }
  vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('fetch failed'))
})

afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

async function read(catalog: object | string, discover = true) {
  const file = join(folder, 'catalog.json')
  await writeFile(file, typeof catalog === 'string' ? catalog : JSON.stringify(catalog))
  const modelsDev = 'http://127.0.0.1:1/api.json'
  const secretsFile = join(folder, 'absent')
  return readServedCatalog({
    catalog: file,
    discover,
    modelsDev,
    secretsFile,
    demoIssuer: undefined,
  })
}

function servedBy(preset: string) {
  return {
    version: 1,
    providers: { [preset]: { preset } },
    models: [{ id: 'm', targets: [{ provider: preset, model: 'x' }] }],
  }
}

test('where nothing is found and only the demo answers, a note explains what to do', async () => {
  const { notes } = await read(await readFile('catalog.json', 'utf8'))
  expect(notes).toEqual([
    expect.stringMatching(/^Only the demo answers: .*\nAdd a key to \.dev\.vars/),
  ])
})

test('a catalog with a model of its own, and a start without discovery, have no such note', async () => {
  expect(await read(servedBy('openai'))).toMatchObject({ notes: [] })
  expect(await read(servedBy('demo'), false)).toMatchObject({ notes: [] })
})

test('a provider whose list cannot be read is named instead', async () => {
  vi.stubEnv('OPENAI_API_KEY', 'sk-wrong')
  const { notes } = await read(servedBy('demo'))
  expect(notes).toEqual([expect.stringMatching(/^openai: .* Check OPENAI_API_KEY\.$/)])
})

test('an invalid catalog is reported with its faults and the next step', async () => {
  await expect(read('{')).rejects.toThrow(
    /is not a valid catalog:\n {2}not valid JSON.*\nCorrect the file; docs\/reference\/catalog\.md/,
  )
})
