/** Counts the content of messages: text by its tokens, other blocks by the cost that vendors document. */
import type {
  ContentBlock,
  DocumentBlock,
  ImageBlock,
  ToolResultBlock,
  ToolResultContent,
} from '../anthropic/request/content-block.ts'
import type { MessageParam } from '../anthropic/request/request.ts'
import type { Counter } from './counter.ts'
import { maxImageTokens, toImageTokens } from './image.ts'
import { addJson, addUnknown } from './json.ts'

/** Tokens of a message's role and delimiters. */
const messageFrame = 4
/** Tokens around a tool call or its result. */
const callFrame = 8

/** Tokens of a PDF page, counted as text and as an image (https://docs.claude.com/en/docs/build-with-claude/pdf-support). */
const tokensPerPage = 2500
const bytesPerPage = 75_000
const maxPages = 100
/** Assumed length of a document that is given by URL or file id. */
const assumedPages = 4
/** Bytes per token of a text document that is given as base64. */
const bytesPerToken = 3.5

/** Adds a message with its frame. */
export function addMessage(counter: Counter, { content }: MessageParam): void {
  counter.addTokens(messageFrame)
  if (typeof content === 'string') {
    counter.add(content)
  } else {
    for (const block of content) {
      addBlock(counter, block)
    }
  }
}

/** Adds a block of any kind. Signatures and encrypted thinking are not counted: models do not read them as text. */
export function addBlock(counter: Counter, block: ContentBlock | ToolResultContent): void {
  switch (block.type) {
    case 'text':
      counter.add(block.text)
      break
    case 'thinking':
      counter.add(block.thinking)
      break
    case 'redacted_thinking':
      break
    case 'image':
      addImage(counter, block)
      break
    case 'document':
      addDocument(counter, block)
      break
    case 'search_result':
      counter.add(`${block.title}\n${block.source}\n`)
      block.content.forEach(({ text }) => counter.add(text))
      break
    case 'tool_use':
      counter.addTokens(callFrame)
      counter.add(block.name)
      addJson(counter, block.input ?? {})
      break
    case 'tool_result':
      counter.addTokens(callFrame)
      addResult(counter, block)
      break
    case 'tool_reference':
      counter.add(block.tool_name)
      break
    case 'other':
      addUnknown(counter, block.raw)
  }
}

function addResult(counter: Counter, { content }: ToolResultBlock): void {
  if (typeof content === 'string') {
    counter.add(content)
  } else if (Array.isArray(content)) {
    for (const block of content) {
      addBlock(counter, block)
    }
  } else if (content) {
    addUnknown(counter, content)
  }
}

function addImage(counter: Counter, { source }: ImageBlock): void {
  counter.addTokens(source.type === 'base64' ? toImageTokens(source.data) : maxImageTokens)
}

function addDocument(counter: Counter, { source, title, context }: DocumentBlock): void {
  counter.add(`${title ?? ''}\n${context ?? ''}\n`)
  switch (source.type) {
    case 'text':
      counter.add(source.data)
      break
    case 'content':
      addMessage(counter, { role: 'user', content: source.content })
      break
    case 'base64':
      counter.addTokens(toFileTokens(source.media_type, source.data))
      break
    case 'url':
    case 'file':
      counter.addTokens(assumedPages * tokensPerPage)
      break
    case 'other':
      addUnknown(counter, source.raw)
  }
}

function toFileTokens(mediaType: string, data: string): number {
  const bytes = data.length * 0.75
  return mediaType.startsWith('text/')
    ? bytes / bytesPerToken
    : Math.min(maxPages, Math.ceil(bytes / bytesPerPage)) * tokensPerPage
}
