/**
 * The least that a translation can cost: the request is parsed once, walked once and serialized once, the answer
 * has one write a read, and nothing is checked. Where this comes near a limit, the machine is too busy to judge
 * the gateway by it.
 */
const encoder = new TextEncoder()

export default {
  async fetch(request, env, context) {
    const { model, messages, tools, stream } = await request.json()
    const response = await fetch(`${env.UPSTREAM}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model,
        messages: toMessages(messages),
        tools: tools?.map(toTool),
        stream,
      }),
    })
    if (!stream) {
      const { choices } = await response.json()
      const content = [{ type: 'text', text: choices[0].message.content }]
      return Response.json({ type: 'message', content, stop_reason: 'end_turn' })
    }
    const { readable, writable } = new IdentityTransformStream()
    context.waitUntil(translate(response.body, writable))
    return new Response(readable, { headers: { 'content-type': 'text/event-stream' } })
  },
}

/** Texts, tool calls and their results, which are all that the bench sends. */
function toMessages(messages) {
  const all = []
  for (const { role, content } of messages) {
    if (typeof content === 'string') {
      all.push({ role, content })
      continue
    }
    let text = ''
    const calls = []
    for (const block of content) {
      if (block.type === 'text') {
        text += block.text
      } else if (block.type === 'tool_use') {
        const call = { name: block.name, arguments: JSON.stringify(block.input) }
        calls.push({ id: block.id, type: 'function', function: call })
      } else {
        all.push({ role: 'tool', tool_call_id: block.tool_use_id, content: block.content })
      }
    }
    all.push(
      calls.length === 0 ? { role, content: text } : { role, content: text, tool_calls: calls },
    )
  }
  return all
}

function toTool({ name, description, input_schema: parameters }) {
  return { type: 'function', function: { name, description, parameters } }
}

async function translate(body, writable) {
  const reader = body.getReader({ mode: 'byob' })
  const writer = writable.getWriter()
  const decoder = new TextDecoder()
  const start = { type: 'message_start', message: { role: 'assistant', content: [] } }
  await writer.write(encoder.encode(toEvent(start)))
  let buffer = new Uint8Array(16 * 1024)
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read(buffer)
    if (done) {
      break
    }
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
    buffer = new Uint8Array(value.buffer)
    rest = lines.pop()
    const text = lines.map(toText).join('')
    if (text !== '') {
      await writer.write(encoder.encode(text))
    }
  }
  await writer.close()
}

function toText(line) {
  if (line === 'data: [DONE]') {
    return toEvent({ type: 'message_stop' })
  }
  const text = line === '' ? undefined : JSON.parse(line.slice(6)).choices[0]?.delta.content
  return text
    ? toEvent({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
    : ''
}

function toEvent(event) {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
