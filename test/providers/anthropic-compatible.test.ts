import { describe, expect, test } from 'vitest'

import { createReport } from '../../src/anthropic/report.ts'
import { lookUp } from '../../src/catalog/registries.ts'
import { adaptToHost } from '../../src/dialects/anthropic/request/adapt.ts'
import { presets } from '../../src/providers/index.ts'
import { toLine } from '../support/translate.ts'

/** Of Claude Code, shortened. */
const client = {
  model: 'claude-sonnet-4-6',
  max_tokens: 32000,
  stream: true,
  metadata: { user_id: 'u' },
  thinking: { type: 'adaptive' },
  output_config: { effort: 'high' },
  context_management: { edits: [] },
  top_k: 5,
  system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }],
  messages: [{ role: 'user', content: 'Hi' }],
}

function send(name: string) {
  const text = JSON.stringify(client)
  const body = { text, json: JSON.parse(text) }
  const { quirks } = lookUp(presets, name)!
  const report = createReport()
  const adapted = adaptToHost(body, 'interleaved-thinking-2025-05-14', [quirks], report)
  return { body, adapted, lines: report.adaptations.map(toLine) }
}

const context = 'ignore context_management'
const metadata = 'ignore metadata'
const topK = 'drop top_k'
const plain = 'map system.0.cache_control: ephemeral'
const none = 'ignore system.0.cache_control'
const beta = 'ignore betas.interleaved-thinking-2025-05-14'

describe('an Anthropic-compatible preset', () => {
  test.each([
    ['alibaba-anthropic', [metadata, context, plain, beta]],
    ['deepseek-anthropic', [context, plain, beta]],
    ['kimi-anthropic', [metadata, context, topK, plain, beta]],
    ['llamacpp-anthropic', [context, plain, beta]],
    ['lmstudio-anthropic', [metadata, context, none, beta]],
    ['minimax-anthropic', [context, topK, plain, beta]],
    ['ollama-anthropic', [metadata, context, none, beta]],
    ['openrouter-anthropic', [beta]],
    ['sglang-anthropic', [metadata, context, plain, beta]],
    ['vercel-anthropic', [context, beta]],
    ['vllm-anthropic', [context, plain, beta]],
    ['zai-anthropic', [context, plain, beta]],
  ])(
    'the Anthropic-compatible preset %s gets only the fields that it supports',
    (name, expected) => {
      const { adapted, lines } = send(name)
      expect(lines).toEqual(expected)
      expect(adapted.betas).toEqual([])
      expect(adapted.json).toMatchObject({
        max_tokens: 32000,
        stream: true,
        thinking: { type: 'adaptive' },
        output_config: { effort: 'high' },
        messages: client.messages,
      })
    },
  )

  test.each(['anthropic', 'azure-anthropic', 'bedrock-anthropic', 'bedrock-mantle-anthropic'])(
    'the preset %s is Anthropic’s own API, and gets every field',
    (name) => {
      const { body, adapted, lines } = send(name)
      expect(adapted.text).toBe(body.text)
      expect(adapted.betas).toEqual(['interleaved-thinking-2025-05-14'])
      expect(lines).toEqual([])
    },
  )
})
