/** What a client got, in one line: and whether a stream was legal. */

/**
 * `200 "text" end_turn` · `502 api_error` · `200 "te" error api_error` (an error event) · `200 broken`
 * (the connection broke off) · with tools `200 get_weather({"city":"Rome"}) tool_use`.
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
  const json = JSON.parse(body) as Record<string, any>
  return json['type'] === 'error'
    ? `${status} ${json['error'].type}`
    : `${status} ${json['content'].map(tellBlock).join(' ')} ${json['stop_reason']}`
}

function tellBlock(block: Record<string, any>): string {
  switch (block['type']) {
    case 'text':
      return JSON.stringify(block['text'])
    case 'thinking':
      return `(${block['thinking']})`
    default:
      return `${block['name']}(${typeof block['input'] === 'string' ? block['input'] : JSON.stringify(block['input'])})`
  }
}

const legal =
  /^message_start(?: content_block_start(?: content_block_delta)* content_block_stop)*(?: content_block_start(?: content_block_delta)* error| error| message_delta message_stop)$/

/** Throws where the stream breaks the protocol's grammar. */
function tellStream(body: string): string {
  const events = readEvents(body)
  const types = events.map(({ type }) => type).filter((type) => type !== 'ping')
  if (!legal.test(types.join(' '))) {
    throw new Error(`an illegal stream: ${types.join(' ')}`)
  }
  const blocks: Record<string, any>[] = []
  let end = ''
  for (const event of events) {
    if (event.type === 'content_block_start') {
      if (event['index'] !== blocks.length) {
        throw new Error(`block ${event['index']} comes after ${blocks.length - 1}`)
      }
      blocks.push({ ...event['content_block'], input: '' })
    } else if (event.type === 'content_block_delta') {
      const { text = '', thinking = '', partial_json: json = '' } = event['delta']
      const block = blocks.at(-1)!
      block['text'] = (block['text'] ?? '') + text
      block['thinking'] = (block['thinking'] ?? '') + thinking
      block['input'] += json
    } else if (event.type === 'message_delta') {
      end = event['delta'].stop_reason
    } else if (event.type === 'error') {
      end = `error ${event['error'].type}`
    }
  }
  return [...blocks.map(tellBlock), end].join(' ')
}

type Event = Record<string, any> & { type: string }

export function readEvents(body: string): Event[] {
  if (!body.endsWith('\n\n')) {
    throw new Error('a stream that ends within an event')
  }
  return body
    .slice(0, -2)
    .split('\n\n')
    .map((block) => {
      const match = /^event: (.*)\ndata: (.*)$/.exec(block)
      const event = JSON.parse(match?.[2] ?? '') as Event
      if (event.type !== match?.[1]) {
        throw new Error(`an event named ${match?.[1]} of type ${event.type}`)
      }
      return event
    })
}
