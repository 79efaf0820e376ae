/** What a client got, in one line: and whether a stream was legal. */

/**
 * `200 "text" end_turn` · `502 api_error` · `200 "te" error api_error` (an error event) · `200 broken`
 * (the connection was aborted) · with tools `200 get_weather({"city":"Rome"}) tool_use`.
 */
export async function readOutcome(response: Response): Promise<string> {
  const { status } = response
  const type = response.headers.get('content-type') ?? ''
  let body: string
  try {
    body = await response.text()
  } catch {
    return `${status} broken`
  }
  if (type.startsWith('text/event-stream')) {
    return `${status} ${tellStream(body)}`
  }
  const json = JSON.parse(body) as Answer
  return json.error === undefined
    ? `${status} ${json.content?.map(tellBlock).join(' ')} ${json.stop_reason}`
    : `${status} ${json.error.type}`
}

interface Answer {
  error?: { type: string }
  content?: Block[]
  stop_reason?: string
}

interface Block {
  type: string
  text?: string
  thinking?: string
  name?: string
  input?: unknown
}

function tellBlock({ type, text, thinking, name, input }: Block): string {
  switch (type) {
    case 'text':
      return JSON.stringify(text)
    case 'thinking':
      return `(${thinking})`
    default:
      return `${name}(${typeof input === 'string' ? input : JSON.stringify(input)})`
  }
}

const legal =
  /^message_start(?: content_block_start(?: content_block_delta)* content_block_stop)*(?: content_block_start(?: content_block_delta)* error| error| message_delta message_stop)$/

/** Throws where the stream breaks the protocol's grammar. */
function tellStream(body: string): string {
  const events = readEvents(body).filter(({ type }) => type !== 'ping')
  const types = events.map(({ type }) => type).join(' ')
  if (!legal.test(types)) {
    throw new Error(`an illegal stream: ${types}`)
  }
  const blocks: Block[] = []
  for (const event of events) {
    if (event.content_block !== undefined) {
      if (event.index !== blocks.length) {
        throw new Error(`block ${event.index} comes after ${blocks.length - 1}`)
      }
      blocks.push({ ...event.content_block, input: '' })
    }
    extend(blocks.at(-1), event.delta ?? {})
  }
  const end = events.findLast(({ type }) => type !== 'message_stop')
  const how = end?.error === undefined ? end?.delta?.stop_reason : `error ${end.error.type}`
  return [...blocks.map(tellBlock), how].join(' ')
}

function extend(block: Block | undefined, delta: Delta): void {
  if (block !== undefined) {
    block.text = (block.text ?? '') + (delta.text ?? '')
    block.thinking = (block.thinking ?? '') + (delta.thinking ?? '')
    block.input = String(block.input) + (delta.partial_json ?? '')
  }
}

interface Delta {
  text?: string
  thinking?: string
  partial_json?: string
  stop_reason?: string
}

interface Event {
  type: string
  index?: number
  content_block?: Block
  delta?: Delta
  error?: { type: string }
}

/** Throws where it is no whole event, each with its name. */
export function readEvents(body: string): Event[] {
  if (!body.endsWith('\n\n')) {
    throw new Error('a stream that ends within an event')
  }
  return body
    .slice(0, -2)
    .split('\n\n')
    .map((block) => {
      const [, name, data = ''] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? []
      const event = JSON.parse(data) as Event
      if (event.type !== name) {
        throw new Error(`an event named ${name} of type ${event.type}`)
      }
      return event
    })
}
