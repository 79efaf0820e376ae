/** Conversations with tool calls, for tests of edits. */

export interface Turn {
  name?: string
  input?: object
  result?: string
  thinking?: string
}

/** A conversation with one tool call and its result a turn, which a user begins. */
export function conversationOf(...turns: readonly Turn[]): { role: string; content: object[] }[] {
  return [
    { role: 'user', content: [{ type: 'text', text: 'Look it up.' }] },
    ...turns.flatMap(({ name = 'search', input = { q: 'x' }, result = 'found', thinking }, at) => [
      {
        role: 'assistant',
        content: [
          ...(thinking === undefined ? [] : [{ type: 'thinking', thinking, signature: 's' }]),
          { type: 'tool_use', id: `toolu_${at}`, name, input },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: `toolu_${at}`, content: result }],
      },
    ]),
  ]
}

/** Text of so many tokens, about. */
export function textOf(tokens: number): string {
  return 'word '.repeat(tokens)
}

/** The texts of all results, in order. */
export function resultsOf(messages: readonly unknown[]): string[] {
  return blocksOf(messages).flatMap(({ type, content }) =>
    String(type).endsWith('_result') || type === 'tool_result'
      ? [typeof content === 'string' ? content : JSON.stringify(content)]
      : [],
  )
}

export function blocksOf(messages: readonly unknown[]): Record<string, unknown>[] {
  return messages.flatMap((message) => {
    const { content } = message as { content: string | Record<string, unknown>[] }
    return typeof content === 'string' ? [] : content
  })
}
