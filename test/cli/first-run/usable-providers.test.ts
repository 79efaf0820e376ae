import { expect, test } from 'vitest'

import { usableProviders } from '../../../src/cli/first-run/usable-providers.ts'
import { presets } from '../../../src/providers/index.ts'

const names = (providers: readonly { name: string }[]) => providers.map(({ name }) => name)

test('a hosted provider is usable when its API key is set, once for all of its protocols', () => {
  const keys: Record<string, string> = { OPENAI_API_KEY: 'sk-1', DEEPSEEK_API_KEY: 'sk-2' }
  const { hosted } = usableProviders(presets, (name) => keys[name])
  expect(names(hosted)).toEqual(['deepseek', 'openai'])
  expect(hosted[1]?.secret).toEqual({ name: 'OPENAI_API_KEY', value: 'sk-1' })
})

test('a provider whose base URL only the operator knows is not usable by its key alone', () => {
  const { hosted } = usableProviders(presets, (name) =>
    name === 'AZURE_OPENAI_API_KEY' ? 'sk-3' : undefined,
  )
  expect(hosted).toEqual([])
})

test('model servers are looked for at their default ports on this machine alone', () => {
  const { local } = usableProviders(presets, () => undefined)
  expect(local.map(({ name, baseUrl }) => [name, new URL(baseUrl).host])).toEqual([
    ['llamacpp', 'localhost:8080'],
    ['lmstudio', 'localhost:1234'],
    ['ollama', 'localhost:11434'],
    ['sglang', 'localhost:30000'],
    ['vllm', 'localhost:8000'],
  ])
})
