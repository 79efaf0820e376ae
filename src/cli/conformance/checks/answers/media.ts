/** Images and documents, and citations of them. */
import type { JsonObject } from '../../../../anthropic/json.ts'
import { asArray } from '../../../../anthropic/json.ts'
import { defineSubject } from '../../check.ts'
import type { Answer } from '../../endpoint/answer.ts'
import type { Endpoint } from '../../endpoint/endpoint.ts'
import { need, partialUnless } from '../../finding.ts'
import { pdfDocument, redSquare, whichColor } from '../../material/attachments.ts'
import { codeWord, recall, user } from '../../material/prompts.ts'

/** Expects that the answer names the color of the attached square. */
function needRed({ text }: Answer): void {
  need(/\bred\b/i.test(text), 'the model does not see the image')
}

/** Asks for the code word that a block contains. */
async function findWord(endpoint: Endpoint, block: JsonObject): Promise<void> {
  const { text } = await endpoint.ask({ messages: [user(block, recall)] })
  need(text.includes('MARTIN'), 'the model does not know its content')
}

function textDocument(fields: JsonObject = {}): JsonObject {
  const source = { type: 'text', media_type: 'text/plain', data: codeWord('MARTIN') }
  return { type: 'document', source, ...fields }
}

const subject = {
  name: 'media',
  title: 'Images and documents',
  mayRefuse: true,
  about: ['messages'],
}

/** Checks of images, documents and citations. */
export const media = defineSubject(subject, {
  image: {
    title: 'shows the model an image',
    run: async (endpoint) =>
      needRed(await endpoint.ask({ messages: [user(redSquare, whichColor)] })),
    tokens: { input: 200, output: 50 },
  },
  'streamed-image': {
    title: 'shows the model an image in a streaming request',
    run: async (endpoint) =>
      needRed(await endpoint.stream({ messages: [user(redSquare, whichColor)] })),
    tokens: { input: 200, output: 50 },
  },
  pdf: {
    title: 'shows the model a PDF',
    run: (endpoint) => findWord(endpoint, pdfDocument(codeWord('MARTIN'))),
    tokens: { input: 2500, output: 50 },
  },
  'text-document': {
    title: 'shows the model a text document',
    run: (endpoint) => findWord(endpoint, textDocument({ title: 'Birds' })),
  },
  'content-document': {
    title: 'shows the model a document of content blocks',
    run: (endpoint) => {
      const content = ['Birds.', codeWord('MARTIN')].map((text) => ({ type: 'text', text }))
      return findWord(endpoint, { type: 'document', source: { type: 'content', content } })
    },
  },
  'search-result': {
    title: 'shows the model a search result of the client',
    run: (endpoint) =>
      findWord(endpoint, {
        type: 'search_result',
        source: 'https://example.com/birds',
        title: 'Birds',
        content: [{ type: 'text', text: codeWord('MARTIN') }],
      }),
  },
  citations: {
    title: 'cites a document where citations are enabled',
    about: ['messages.0.content.0.citations'],
    run: async (endpoint) => {
      const document = textDocument({ title: 'Birds', citations: { enabled: true } })
      const question = 'What is the code word? Answer in a sentence and cite the document.'
      const { text, blocks } = await endpoint.ask({ messages: [user(document, question)] })
      need(text.includes('MARTIN'), 'the model does not know its content')
      const cited = blocks.flatMap(({ citations }) => asArray(citations))
      return partialUnless(cited.length > 0, 'no citations')
    },
    tokens: { input: 500, output: 100 },
  },
})
