/**
 * The schemas of the blocks of a message. Built at their first use, but for text: building schemas is most of a
 * cold start.
 */
import * as z from 'zod/mini'

import { lazySchema } from '../../platform/lazy-schema.ts'
import { toolId } from './common-shapes.ts'
import { listOf, tagged } from './schema-combinators.ts'

export type { OtherBlock } from './schema-combinators.ts'

/** The schema of an optional string, which may be null. */
export const optionalText = z.optional(z.nullable(z.string()))

/** The schema of an optional boolean, which may be null. */
export const optionalFlag = z.optional(z.nullable(z.boolean()))

/** The schema of `cache_control`, an optional cache breakpoint. */
export const cacheControl = z.optional(
  z.nullable(lazySchema(() => z.object({ type: z.string(), ttl: optionalText }))),
)

/** The schema of a `text` block. */
export const textBlock = z.object({
  type: z.literal('text'),
  text: z.string(),
  cache_control: cacheControl,
})

/** A `text` block of a request. */
export type TextBlock = z.infer<typeof textBlock>

const base64Source = lazySchema(() =>
  z.object({
    type: z.literal('base64'),
    media_type: z.string(),
    data: z.string(),
  }),
)
const urlSource = lazySchema(() => z.object({ type: z.literal('url'), url: z.string() }))
const fileSource = lazySchema(() => z.object({ type: z.literal('file'), file_id: z.string() }))

/** The schema of an `image` block. */
export const imageBlock = lazySchema(() =>
  z.object({
    type: z.literal('image'),
    source: tagged({ base64: base64Source, url: urlSource, file: fileSource }),
    cache_control: cacheControl,
  }),
)

/** An `image` block of a request, by data, URL or file id. */
export type ImageBlock = z.infer<typeof imageBlock>

const textSource = lazySchema(() =>
  z.object({
    type: z.literal('text'),
    media_type: z.optional(z.string()),
    data: z.string(),
  }),
)
const contentSource = lazySchema(() =>
  z.object({
    type: z.literal('content'),
    content: z.union([z.string(), listOf(tagged({ text: textBlock, image: imageBlock }))]),
  }),
)

/** The schema of a `document` block. */
export const documentBlock = lazySchema(() =>
  z.object({
    type: z.literal('document'),
    source: tagged({
      base64: base64Source,
      text: textSource,
      content: contentSource,
      url: urlSource,
      file: fileSource,
    }),
    title: optionalText,
    context: optionalText,
    citations: z.optional(z.nullable(z.object({ enabled: z.optional(z.boolean()) }))),
    cache_control: cacheControl,
  }),
)

/** A `document` block of a request: a PDF, a text, or content blocks. */
export type DocumentBlock = z.infer<typeof documentBlock>

/** The schema of a `search_result` block. */
export const searchResultBlock = lazySchema(() =>
  z.object({
    type: z.literal('search_result'),
    content: listOf(textBlock),
    source: z.string(),
    title: z.string(),
    citations: z.optional(z.nullable(z.object({ enabled: z.optional(z.boolean()) }))),
    cache_control: cacheControl,
  }),
)

/** A `search_result` block: a source that the client found, for the model to cite. */
export type SearchResultBlock = z.infer<typeof searchResultBlock>

/** The schema of a `thinking` block of an earlier answer. */
export const thinkingBlock = lazySchema(() =>
  z.object({
    type: z.literal('thinking'),
    thinking: z.string(),
    signature: optionalText,
  }),
)

/** The schema of a `redacted_thinking` block of an earlier answer. */
export const redactedThinkingBlock = lazySchema(() =>
  z.object({
    type: z.literal('redacted_thinking'),
    data: z.string(),
  }),
)

const id = z.string().check(z.regex(toolId))

/** The schema of a `tool_use` block of an earlier answer. */
export const toolUseBlock = lazySchema(() =>
  z.object({
    type: z.literal('tool_use'),
    id,
    name: z.string(),
    /**
     * The tool's input: an object by contract; null and other values occur, and the dialects repair
     * them.
     */
    input: z.optional(z.unknown()),
    cache_control: cacheControl,
  }),
)

const toolReferenceBlock = lazySchema(() =>
  z.object({ type: z.literal('tool_reference'), tool_name: z.string() }),
)

const resultContent = tagged({
  text: textBlock,
  image: imageBlock,
  document: documentBlock,
  search_result: searchResultBlock,
  tool_reference: toolReferenceBlock,
})

/** A block within the content of a tool result. */
export type ToolResultContent = z.infer<typeof resultContent>

/** The schema of a `tool_result` block. */
export const toolResultBlock = lazySchema(() =>
  z.object({
    type: z.literal('tool_result'),
    tool_use_id: id,
    /**
     * The result's content: a string or blocks by contract; null and other objects occur (some
     * clients send a tool's raw output).
     */
    content: z.optional(
      z.nullable(z.union([z.string(), listOf(resultContent), z.record(z.string(), z.unknown())])),
    ),
    is_error: optionalFlag,
    cache_control: cacheControl,
  }),
)

/** A `tool_result` block: what a tool returned for one `tool_use`. */
export type ToolResultBlock = z.infer<typeof toolResultBlock>

/** The schema of any block of a message. Types that the gateway does not know are accepted. */
export const contentBlock = tagged({
  text: textBlock,
  image: imageBlock,
  document: documentBlock,
  search_result: searchResultBlock,
  thinking: thinkingBlock,
  redacted_thinking: redactedThinkingBlock,
  tool_use: toolUseBlock,
  tool_result: toolResultBlock,
})

/** A block of a message, of any type. */
export type ContentBlock = z.infer<typeof contentBlock>
