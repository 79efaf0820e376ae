/** Reads what a client got. Every reader throws unless the answer is whole. */

/** The text of a stream of chat completion chunks. */
export function readChatStream(body: string): string {
  const events = readEvents(body)
  if (events.pop()?.data !== '[DONE]') {
    throw new Error('no [DONE] at the end')
  }
  return events
    .map(({ data }) => JSON.parse(data) as { choices: { delta: { content?: string } }[] })
    .map(({ choices }) => choices[0]?.delta.content ?? '')
    .join('')
}

/** The text of a chat completion. */
export function readChatReply(body: string): string {
  const reply = JSON.parse(body) as { choices: [{ message: { content: string } }] }
  return reply.choices[0].message.content
}

/** The text of a stream of Anthropic's events. */
export function readMessageStream(body: string): string {
  const events = readEvents(body)
  if (events[0]?.event !== 'message_start' || events.at(-1)?.event !== 'message_stop') {
    throw new Error(`not from message_start to message_stop: ${body.slice(-1000)}`)
  }
  return events
    .filter(({ event }) => event === 'content_block_delta')
    .map(({ data }) => (JSON.parse(data) as { delta: { text: string } }).delta.text)
    .join('')
}

/** The text of an Anthropic message. */
export function readMessage(body: string): string {
  const message = JSON.parse(body) as { stop_reason: string; content: [{ text: string }] }
  if (message.stop_reason !== 'end_turn') {
    throw new Error(`not a whole message: ${body}`)
  }
  return message.content[0].text
}

function readEvents(body: string): { event: string | undefined; data: string }[] {
  return body
    .split('\n\n')
    .filter((text) => text !== '')
    .map((text) => {
      const [, event, data = ''] = /^(?:event: (.*)\n)?data: (.*)$/.exec(text) ?? []
      return { event, data }
    })
}
