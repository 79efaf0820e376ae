/** What holds for the compaction of any conversation. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { toContinued, withoutOwnCompaction } from '../../src/context/compaction/conversation.ts'
import { seal } from '../../src/context/compaction/seal.ts'
import { translate } from '../support/translate.ts'
import { blocksOf, conversationOf } from './conversation.ts'

const turn = fc
  .record({
    result: fc.string({ maxLength: 40 }),
    server: fc.constantFrom(undefined, 'web_search', 'mcp', 'advisor'),
  })
  .map(({ result, server }) => (server === undefined ? { result } : { result, server }))
const question = { role: 'user', content: 'And now?' }

/** Conversations that end with results of tools, or with a question. */
const conversation = fc
  .tuple(fc.array(turn, { maxLength: 4 }), fc.boolean())
  .map(([turns, ends]) => [...conversationOf(...turns), ...(ends ? [question] : [])])

const blockOf = async (content: string): Promise<object> => {
  const sealed = { content, tool_changes: [] }
  const encrypted_content = await seal(sealed, async (text) => String(text.length))
  return { type: 'compaction', encrypted_content, ...sealed }
}

interface Chat {
  messages: {
    role: string
    content: unknown
    tool_calls?: { id: string }[]
    tool_call_id?: string
  }[]
}

function read(messages: readonly unknown[]): Chat {
  const { upstream } = translate({ model: 'm', max_tokens: 9, messages })
  return upstream.body as unknown as Chat
}

test('a compaction leaves no result without its call', async () => {
  await fc.assert(
    fc.asyncProperty(conversation, async (messages) => {
      const continued = toContinued(messages, await blockOf('We talked.'))
      const results = blocksOf(continued).filter(({ type }) => /tool_result$/.test(String(type)))
      expect(results).toEqual([])
      const { messages: sent } = read(continued)
      expect(sent.map(({ role }) => role)).toEqual(['user'])
      expect(sent[0]?.content).toContain('We talked.')
    }),
  )
})

test('a conversation that was compacted twice reads like one with the last compaction alone', async () => {
  await fc.assert(
    fc.asyncProperty(conversation, conversation, async (first, second) => {
      const compacted = { role: 'assistant', content: [await blockOf('First.')] }
      const again = { role: 'assistant', content: [await blockOf('Second.')] }
      const twice = [...first, compacted, ...second, again, question]
      expect(read(twice)).toEqual(read([again, question]))
    }),
  )
})

test('the gateway’s compaction becomes text for Anthropic once, and a conversation without one is unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(conversation, async (messages) => {
      expect(withoutOwnCompaction(messages)).toBe(messages)
      const compacted = [{ role: 'assistant', content: [await blockOf('We talked.')] }, question]
      const left = withoutOwnCompaction([...messages, ...compacted])
      expect(withoutOwnCompaction(left)).toBe(left)
      expect(left).toHaveLength(2)
    }),
  )
})
