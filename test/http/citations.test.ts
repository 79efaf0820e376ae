/** Citations of documents over models that have none, as the official SDK reads them. */
import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, test } from 'vitest'

import { toBase64 } from '../../src/platform/bytes.ts'
import { chatStream, createHarness, delta, key } from '../support/app.ts'
import { toPdf } from '../support/pdf.ts'

const sky = 'The grass is green. The sky is blue.'
const document = (data: string, enabled = true) => ({
  type: 'document' as const,
  source: { type: 'text' as const, media_type: 'text/plain' as const, data },
  citations: { enabled },
})
const user = (...content: Anthropic.ContentBlockParam[]) => ({ role: 'user' as const, content })
const question = { type: 'text' as const, text: 'Which colors?' }

const open = (index: string): string => `\u003ccite index="${index}">`
const close = '\u003c/cite>'

async function gatewayWith(...texts: string[]) {
  const gateway = await createHarness({
    upstream: () =>
      chatStream(...texts.map((content) => delta({ content })), delta({}, 'stop'), {
        choices: [],
        usage: { prompt_tokens: 10, completion_tokens: 5 },
      }),
  })
  const client = new Anthropic({
    apiKey: key,
    baseURL: 'http://gateway.test',
    maxRetries: 0,
    fetch: (url, init) => gateway.request(new URL(new Request(url).url).pathname, init),
  })
  return { ...gateway, client }
}

const body = { model: 'm', max_tokens: 100, messages: [user(document(sky), question)] }

const blocks = [
  { type: 'text', text: 'So: ' },
  {
    type: 'text',
    text: 'blue',
    citations: [
      {
        type: 'char_location',
        cited_text: 'The sky is blue.',
        document_index: 0,
        document_title: null,
        file_id: null,
        start_char_index: 20,
        end_char_index: 36,
      },
    ],
  },
  { type: 'text', text: '.' },
]

describe('a document with citations', () => {
  test('a document with citations is cited in a stream, as the SDK accumulates it', async () => {
    const { client } = await gatewayWith('So: ', open('d0-1'), 'bl', 'ue', close, '.')
    const message = await client.messages.stream(body).finalMessage()
    expect(message.content).toMatchObject(blocks)
  })

  test('a document with citations is cited in a whole message', async () => {
    const { client, sent } = await gatewayWith(`So: ${open('d0-1')}blue${close}.`)
    const { data, response } = await client.messages.create(body).withResponse()
    expect(data.content).toStrictEqual(blocks)
    expect(response.headers.get('gateway-adapted')).toBe(
      '"messages.0.content.0.citations";map="marks"',
    )
    expect(JSON.stringify(sent[0]?.body)).toContain('[d0-0] The grass is green. [d0-1] The sky')
  })

  test('a document with citations is named to the model in the next turn, with what was cited', async () => {
    const { client, sent } = await gatewayWith('Yes.')
    const answer = { role: 'assistant' as const, content: blocks as Anthropic.ContentBlockParam[] }
    await client.messages.create({
      ...body,
      messages: [...body.messages, answer, user({ type: 'text', text: 'Sure?' })],
    })
    expect(JSON.stringify(sent[0]?.body)).toContain(
      JSON.stringify(`${open('d0-1')}blue${close}`).slice(1, -1),
    )
  })

  test('a request without citations is unchanged', async () => {
    const text = `${open('d0-1')}blue${close}`
    const { client, sent } = await gatewayWith(text)
    const message = await client.messages.create({
      ...body,
      messages: [user(document(sky, false), question)],
    })
    expect(message.content).toStrictEqual([{ type: 'text', text }])
    expect(JSON.stringify(sent[0]?.body)).not.toContain('d0-0')
  })

  test.each([
    ['for some documents only', { messages: [user(document(sky), document(sky, false))] }],
    [
      'together with structured output',
      { output_config: { format: { type: 'json_schema' as const, schema: { type: 'object' } } } },
    ],
  ])('a document with citations is rejected %s', async (_, more) => {
    const { client, sent } = await gatewayWith('x')
    await expect(client.messages.create({ ...body, ...more })).rejects.toMatchObject({
      status: 400,
      error: { error: { type: 'invalid_request_error' } },
    })
    expect(sent).toHaveLength(0)
  })
})

describe('a PDF with citations', () => {
  const pdf = {
    type: 'document' as const,
    title: 'Colors',
    source: {
      type: 'base64' as const,
      media_type: 'application/pdf' as const,
      data: toBase64(toPdf([['The grass is green.'], ['The sky is blue.', 'The sea is too.']])),
    },
    citations: { enabled: true },
  }
  const messages = [user(pdf, question)]

  test('a PDF with citations is cited by its pages, and named alike in the next turn', async () => {
    const { client, sent } = await gatewayWith(open('d0-1'), 'blue', close)
    const message = await client.messages.create({ ...body, messages })
    expect(message.content).toMatchObject([
      {
        text: 'blue',
        citations: [
          {
            type: 'page_location',
            document_index: 0,
            document_title: 'Colors',
            cited_text: expect.stringContaining('The sky is blue.'),
            start_page_number: 2,
            end_page_number: 3,
          },
        ],
      },
    ])
    expect(JSON.stringify(sent[0]?.body)).toContain('[d0-1] The sky is blue.')
    await client.messages.create({
      ...body,
      messages: [...messages, { role: 'assistant', content: message.content }, user(question)],
    })
    expect(sent[1]?.body).toMatchObject({
      messages: [{}, {}, { content: `${open('d0-1')}blue${close}` }, {}],
    })
  })

  test('a PDF with citations without text is sent as it is', async () => {
    const { client, sent } = await gatewayWith('No.')
    const scanned = { ...pdf.source, data: toBase64(toPdf([[]])) }
    await client.messages.create({
      ...body,
      messages: [user({ ...pdf, source: scanned }, question)],
    })
    expect(JSON.stringify(sent[0]?.body)).toContain('data:application/pdf;base64,')
  })
})
