/**
 * Citations for models that have none: the request shows the model what it can cite, and a stage of the
 * answer turns what it cites into citations.
 */
import type { PartStage } from '../anthropic/answer/part-stage.ts'
import { invalidAt } from '../anthropic/error.ts'
import type { JsonObject } from '../anthropic/json.ts'
import type { Report } from '../anthropic/report.ts'
import { withLeadingSystem } from '../anthropic/request/leading-system.ts'
import type { MessageParam, MessagesRequest } from '../anthropic/request/request.ts'
import { CitationStage } from './citation-stage.ts'
import { markCited } from './history.ts'
import { instructions, markPassages, toMark } from './marks.ts'
import { readPdfs } from './pdfs.ts'
import type { CitableBlock, PdfPages, Source } from './sources.ts'
import { toDocumentSource, toSearchSource, visitCitable } from './sources.ts'

/** A request whose sources are marked for the model, and the stage that reads its citations. */
export interface CitableRequest {
  request: MessagesRequest
  /** Made for each answer. */
  createStage: () => PartStage
}

/**
 * A request with its passages named, and the stage that reads its answer; undefined where there is nothing
 * to cite. `json` is the request as the client sent it. Reports what is shown in another form.
 * Throws a GatewayError `invalid_request` for what Anthropic refuses.
 */
export type ToCitable = (
  request: MessagesRequest,
  json: JsonObject,
  report: Report,
) => CitableRequest | undefined

/** Reads the PDFs of a request that are to be cited, for all its attempts. */
export async function prepareCitations(json: JsonObject): Promise<ToCitable> {
  const pdfs = await readPdfs(json)
  return (request, client, report) => toCitable(request, client, { report, pdfs })
}

/** Marks what a request asks to cite; undefined if it asks for no citations. */
export function toCitable(
  request: MessagesRequest,
  json: JsonObject,
  { report, pdfs }: { report: Report; pdfs: PdfPages },
): CitableRequest | undefined {
  checkCitations(request)
  const found = new Map<CitableBlock, Source>()
  const next = { document: 0, search_result: 0 }
  visitCitable(request.messages, (block, path) => {
    const index = next[block.type]
    next[block.type] += 1
    if (block.citations?.enabled !== true) {
      return
    }
    const source =
      block.type === 'document'
        ? toDocumentSource(block, index, pdfs)
        : toSearchSource(block, index)
    if (source !== undefined) {
      report.map(`${path}.citations`, 'marks')
      found.set(block, source)
    }
  })
  if (found.size === 0) {
    return undefined
  }
  const sources = new Map([...found.values()].map((source) => [source.name, source]))
  const marked = request.messages.map((message) => markMessage(message, found))
  const messages = markCited(marked, json, sources)
  return {
    request: withInstructions({ ...request, messages }),
    createStage: () => new CitationStage(sources),
  }
}

/** https://platform.claude.com/docs/en/build-with-claude/citations: all or none, and no structured output. */
function checkCitations({ messages, output_config, output_format }: MessagesRequest): void {
  const enabled = { document: new Set<boolean>(), search_result: new Set<boolean>() }
  visitCitable(messages, ({ type, citations }, path) => {
    enabled[type].add(citations?.enabled === true)
    if (enabled[type].size > 1) {
      const noun = type === 'document' ? 'documents' : 'search results'
      throw invalidAt(
        `${path}.citations`,
        `citations must be enabled for all ${noun} of a request or for none.`,
      )
    }
  })
  const format = output_config?.format ?? output_format ?? undefined
  if (format !== undefined && Object.values(enabled).some((values) => values.has(true))) {
    throw invalidAt('output_config.format', 'structured output cannot be combined with citations.')
  }
}

function markMessage(
  message: MessageParam,
  found: ReadonlyMap<CitableBlock, Source>,
): MessageParam {
  if (typeof message.content === 'string') {
    return message
  }
  const content = message.content.map((block) => {
    if (block.type === 'document' || block.type === 'search_result') {
      return markBlock(block, found.get(block))
    }
    if (block.type !== 'tool_result' || !Array.isArray(block.content)) {
      return block
    }
    const results = block.content.map((result) =>
      result.type === 'document' || result.type === 'search_result'
        ? markBlock(result, found.get(result))
        : result,
    )
    return { ...block, content: results }
  })
  return { ...message, content }
}

function markBlock<Block extends CitableBlock>(block: Block, source: Source | undefined): Block {
  if (source === undefined) {
    return block
  }
  if (block.type === 'search_result') {
    return { ...block, citations: null, content: markTexts(block.content, source) }
  }
  if (block.source.type === 'content' && typeof block.source.content !== 'string') {
    const content = markTexts(block.source.content, source)
    return { ...block, citations: null, source: { ...block.source, content } }
  }
  return { ...block, citations: null, source: { type: 'text', data: markPassages(source) } }
}

/** The texts among blocks, with their names in front. */
function markTexts<Block extends { type: string; text?: string }>(
  blocks: readonly Block[],
  source: Source,
): Block[] {
  let passage = 0
  return blocks.map((block) => {
    if (block.type !== 'text') {
      return block
    }
    const text = `[${toMark(source, passage)}] ${block.text}`
    passage += 1
    return { ...block, text }
  })
}

function withInstructions(request: MessagesRequest): MessagesRequest {
  const led = withLeadingSystem(request)
  const { system } = led
  const text = instructions
  if (system === undefined || system === null || system === '') {
    return { ...led, system: text }
  }
  return typeof system === 'string'
    ? { ...led, system: `${system}\n\n${text}` }
    : { ...led, system: [...system, { type: 'text', text }] }
}
