/** What the bench asks for: a question, or all that an agent has said and done so far. */

export interface Conversation {
  messages: readonly object[]
  tools?: readonly object[]
}

/** A few hundred bytes. */
export const question: Conversation = {
  messages: [
    { role: 'user', content: 'Tell me the story of the stream that ran through Tokyo, in full.' },
  ],
}

/** Turns with a tool call each, and forty tools, as coding agents send them: some 4 KiB a turn. */
export function sessionOf(turns: number): Conversation {
  return {
    messages: Array.from({ length: turns + 1 }, (_, turn) => toTurn(turn, turn === turns)).flat(),
    tools: Array.from({ length: 40 }, (_, index) => toTool(index)),
  }
}

/** A hundred turns: 400 KiB. */
export const agentSession: Conversation = sessionOf(100)

function toTurn(turn: number, isLast: boolean): object[] {
  const said = { type: 'text', text: 'A sentence about the file that comes next. '.repeat(22) }
  const result = {
    type: 'tool_result',
    tool_use_id: `toolu_${turn - 1}`,
    content: '\tif (at < end) return "a line of code"\n'.repeat(35),
  }
  const call = { type: 'tool_use', id: `toolu_${turn}`, name: 'tool_1', input: { offset: turn } }
  const user = { role: 'user', content: turn === 0 ? [said] : [result, said] }
  return isLast ? [user] : [user, { role: 'assistant', content: [said, call] }]
}

function toTool(index: number): object {
  const names = Array.from({ length: 6 }, (_, parameter) => `parameter_${parameter}`)
  const schema = { type: 'string', description: 'What this is for, and what it may be. ' }
  return {
    name: `tool_${index}`,
    description: 'Does one thing, and says what it has done. '.repeat(15),
    input_schema: {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, schema])),
      required: names.slice(0, 1),
    },
  }
}
