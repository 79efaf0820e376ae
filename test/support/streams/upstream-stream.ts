/** Event streams of providers, for tests in Node and in workerd. */

/** Server-sent events whose data is JSON; each event that has a `type` is named after it. */
export function eventStream(...events: readonly object[]): Response {
  const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
  // Not a byte stream, of which Node lacks a method.
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text))
      controller.close()
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

/** A response of the Responses API with these items. */
export function responsesStream(...items: readonly object[]): Response {
  const events = items.flatMap((item, index) => [
    {
      type: 'response.output_item.added',
      output_index: index,
      item: { ...item, status: 'in_progress' },
    },
    { type: 'response.output_item.done', output_index: index, item },
  ])
  const usage = { input_tokens: 100, output_tokens: 20 }
  return eventStream(...events, {
    type: 'response.completed',
    response: { status: 'completed', output: items, usage },
  })
}

/** A message of the Responses API, with citations of these passages of its text. */
export function outputMessage(text: string, cited: Record<string, string> = {}): object {
  const annotations = Object.entries(cited).map(([passage, url]) => ({
    type: 'url_citation',
    url,
    title: new URL(url).hostname,
    start_index: text.indexOf(passage),
    end_index: text.indexOf(passage) + passage.length,
  }))
  return {
    type: 'message',
    role: 'assistant',
    content: [{ type: 'output_text', text, annotations }],
  }
}
