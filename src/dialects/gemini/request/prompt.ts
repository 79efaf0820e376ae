/** The prompt: system text, conversation and tools, for generating and for counting. */
import type { Report } from '../../../anthropic/report.ts'
import type { CountTokensRequest } from '../../../anthropic/request/request.ts'
import type { DialectTarget } from '../../dialect.ts'
import { toSupportedTurns } from '../../shared/conversation/media.ts'
import { toSystemBlocks } from '../../shared/conversation/system-text.ts'
import type { GeminiQuirks } from '../quirks.ts'
import type { GenerateRequest } from '../wire.ts'
import { toContents } from './contents.ts'
import type { GeminiToolPlan } from './plan.ts'
import { toTools } from './tools.ts'

/**
 * Builds the prompt; `hints` are instructions for the system text in place of unsupported
 * parameters.
 */
export function toPrompt(
  request: CountTokensRequest,
  target: DialectTarget<GeminiQuirks>,
  { names, tools, search, hints }: GeminiToolPlan & { hints: readonly string[] },
  report: Report,
): GenerateRequest {
  const system = [...toSystemBlocks(request.system, report).map((block) => block.text), ...hints]
  const { images, media_urls: urls, pdfs } = target.quirks
  const turns = toSupportedTurns(request.messages, target, {
    support: { images, imageUrls: urls, pdfs, pdfUrls: urls },
    toolName: names.toUpstream,
    report,
  })
  return {
    ...(system.length === 0
      ? {}
      : { systemInstruction: { parts: system.map((text) => ({ text })) } }),
    contents: toContents(turns, {
      target,
      report,
      lastPath: `messages.${request.messages.length - 1}`,
    }),
    ...toTools({ tools, search }, target.quirks, report),
  }
}
