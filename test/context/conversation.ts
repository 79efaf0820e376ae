/** Conversations with tool calls, for tests of edits. */

export interface Turn {
  name?: string
  input?: object
  result?: string
  thinking?: string
  /** For a call that ran at a server: its result is in the same message. */
  server?: keyof typeof servers
}

const servers = {
  web_search: { call: 'server_tool_use', result: 'web_search_tool_result' },
  advisor: { call: 'server_tool_use', result: 'advisor_tool_result' },
  mcp: { call: 'mcp_tool_use', result: 'mcp_tool_result' },
}

/** A conversation with one tool call and its result a turn, which a user begins. */
export function conversationOf(...turns: readonly Turn[]): { role: string; content: object[] }[] {
  return [
    { role: 'user', content: [{ type: 'text', text: 'Look it up.' }] },
    ...turns.flatMap(toMessages),
  ]
}

function toMessages(
  { name = 'search', input = { q: 'x' }, result = 'found', thinking, server }: Turn,
  at: number,
): { role: string; content: object[] }[] {
  const id = `toolu_${at}`
  const before = thinking === undefined ? [] : [{ type: 'thinking', thinking, signature: 's' }]
  if (server !== undefined) {
    const types = servers[server]
    const call = { type: types.call, id, name, input }
    const ran = { type: types.result, tool_use_id: id, content: [{ type: 'text', text: result }] }
    return [{ role: 'assistant', content: [...before, call, ran] }]
  }
  return [
    { role: 'assistant', content: [...before, { type: 'tool_use', id, name, input }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: result }] },
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
