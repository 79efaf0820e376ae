/** Counts what messages hold: text as text, everything else by what models are known to make of it. */
import type {
  ContentBlock,
  DocumentBlock,
  ImageBlock,
  MessageParam,
  ToolResultBlock,
  ToolResultContent,
} from '../anthropic/request/request.ts'
import type { Counter } from './counter.ts'
import { MOST_IMAGE_TOKENS, toImageTokens } from './image.ts'
import { addJson, addProse } from './json.ts'

/** Who speaks, and where he begins and ends. */
const MESSAGE_FRAME = 4
/** The markers and names around a call or its result. */
const CALL_FRAME = 8

/** A page as text and as image, as Anthropic counts it (https://docs.claude.com/en/docs/build-with-claude/pdf-support). */
const PAGE_TOKENS = 2500
const BYTES_PER_PAGE = 75_000
const MOST_PAGES = 100
/** For a document that is elsewhere. */
const UNSEEN_PAGES = 4
/** Of text that came as base64. */
const BYTES_PER_TOKEN = 3.5

/** Counts a message with its frame. */
export function addMessage(counter: Counter, { content }: MessageParam): void {
  counter.addTokens(MESSAGE_FRAME)
  if (typeof content === 'string') {
    counter.add(content)
  } else {
    for (const block of content) {
      addBlock(counter, block)
    }
  }
}

/** Counts a block of any kind; signatures and encrypted thinking are no text to a model, and are not counted. */
function addBlock(counter: Counter, block: ContentBlock | ToolResultContent): void {
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
      counter.addTokens(CALL_FRAME)
      counter.add(block.name)
      addJson(counter, block.input ?? {})
      break
    case 'tool_result':
      counter.addTokens(CALL_FRAME)
      addResult(counter, block)
      break
    case 'tool_reference':
      counter.add(block.tool_name)
      break
    case 'other':
      addProse(counter, block.raw)
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
    addProse(counter, content)
  }
}

function addImage(counter: Counter, { source }: ImageBlock): void {
  counter.addTokens(source.type === 'base64' ? toImageTokens(source.data) : MOST_IMAGE_TOKENS)
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
      counter.addTokens(UNSEEN_PAGES * PAGE_TOKENS)
      break
    case 'other':
      addProse(counter, source.raw)
  }
}

function toFileTokens(mediaType: string, data: string): number {
  const bytes = data.length * 0.75
  return mediaType.startsWith('text/')
    ? bytes / BYTES_PER_TOKEN
    : Math.min(MOST_PAGES, Math.ceil(bytes / BYTES_PER_PAGE)) * PAGE_TOKENS
}
