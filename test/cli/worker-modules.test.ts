/** What a Worker compiles when it starts: the modules that its entry imports statically. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Metafile } from 'esbuild'
import { afterAll, describe, expect, test } from 'vitest'

import { findOutput, staticGraph } from '../../src/cli/platform/bundle/join-modules.ts'
import { buildWorker, entryModule } from '../../src/cli/platform/bundle/worker-modules.ts'

const folder = await mkdtemp(join(tmpdir(), 'gateway-modules-'))
const metafile = await buildWorker({ folder, minify: true })
const { outputs } = metafile
const started = staticGraph(metafile, findOutput(metafile, entryModule))

afterAll(() => rm(folder, { recursive: true }))

/** Sources whose code is in these modules. */
function sourcesOf(paths: Iterable<string>): string[] {
  const inputs: Metafile['outputs'][string]['inputs'][] = [...paths].map(
    (path) => outputs[path]?.inputs ?? {},
  )
  return inputs.flatMap((each) =>
    Object.entries(each).flatMap(([source, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [source] : [],
    ),
  )
}

describe('a Worker that starts', () => {
  test.each([
    ['the demo', /^src\/demo\//],
    ['the console', /^src\/http\/console\//],
    [
      'the Durable Objects',
      /^src\/(?!platform\/).*-object\.ts$|^src\/ledger\/(?:limits|storage|usage)\//,
    ],
    ['message batches', /^src\/batches\//],
    ['files', /^src\/files\/(?!uses-files)/],
    ['multipasta', /^node_modules\/multipasta\//],
    ['lists of models', /^src\/catalog\/models-list/],
    ['the built-in catalog', /^catalog\.json$|^src\/catalog\/bound-models/],
    ['repairs of refused requests', /^src\/exchange\/(?:protocols\/repairs|policy\/refused-)/],
    ['the Admin API', /^src\/http\/routes\/admin\//],
    ['gemini', /^src\/dialects\/gemini\/(?:request|response)\//],
    ['openai-responses', /^src\/dialects\/openai-responses\/(?:request|response)\//],
    ['bedrock', /^src\/dialects\/bedrock\/(?:request|response)\//],
    ['the pass-through', /^src\/(?:dialects\/anthropic\/request|streaming\/pass-through)\//],
    ['the server tools', /^src\/server-tools\/(?:fetch|history|loop|mcp|search|toolsets)\//],
    ['the MCP client and its copies', /@modelcontextprotocol\/client\//],
    ['htmlparser2', /^node_modules\/htmlparser2\//],
    [
      'sign-in',
      /^src\/(?:http\/routes\/sign-in\/|identity\/(?:grants|policies|providers|tokens)\/)/,
    ],
    ['oauth4webapi', /^node_modules\/oauth4webapi\//],
    ['jose', /^node_modules\/jose\//],
    ['aws4fetch', /^node_modules\/aws4fetch\//],
    ["the codec of AWS's event stream", /^node_modules\/@smithy\//],
  ])('a Worker loads %s only on first use', (_what, sources) => {
    expect(sourcesOf(started).filter((source) => sources.test(source))).toEqual([])
    // It is not missing either.
    expect(sourcesOf(Object.keys(outputs)).some((source) => sources.test(source))).toBe(true)
  })

  test('a Worker starts with the code for the commonest dialect', () => {
    expect(sourcesOf(started)).toContain('src/dialects/openai-chat/request/request.ts')
  })

  test('a Worker compiles its startup code as one module', () => {
    const sizes = [...started].map((path) => outputs[path]?.bytes ?? 0)
    expect(sizes.filter((bytes) => bytes > 1024)).toHaveLength(1)
  })

  test('a Worker compiles no more code at its start than the documented limit', () => {
    const bytes = [...started].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0)
    expect(bytes / 1024).toBeLessThan(375)
  })
})
