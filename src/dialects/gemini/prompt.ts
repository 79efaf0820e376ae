/** The prompt: system text, conversation and tools. It is what is generated from, and what is counted. */
import type { Report } from '../../anthropic/report.ts'
import type { CountTokensRequest } from '../../anthropic/request.ts'
import type { Target } from '../dialect.ts'
import { lastUserMessage, withoutUnsupported } from '../media.ts'
import { toSystemBlocks } from '../system-text.ts'
import { toTurns } from '../turns.ts'
import type { Turn } from '../turns.ts'
import { toContents } from './contents.ts'
import type { Plan } from './plan.ts'
import type { GeminiQuirks } from './quirks.ts'
import { toTools } from './tools.ts'
import type { GenerateRequest } from './wire.ts'

/** `hints` are what the upstream cannot be told but in words. */
export function toPrompt(
  request: CountTokensRequest,
  target: Target<GeminiQuirks>,
  { names, tools, hints }: Plan & { hints: readonly string[] },
  report: Report,
): GenerateRequest {
  const system = [...toSystemBlocks(request.system, report).map((block) => block.text), ...hints]
  return {
    ...(system.length === 0
      ? {}
      : { systemInstruction: { parts: system.map((text) => ({ text })) } }),
    contents: toContents(toKnownTurns(request, target, names.toUpstream, report), {
      target,
      report,
      lastPath: `messages.${request.messages.length - 1}`,
    }),
    ...toTools(tools, target.quirks, report),
  }
}

function toKnownTurns(
  { messages }: CountTokensRequest,
  { quirks, takes, provider, model }: Target<GeminiQuirks>,
  toolName: (name: string) => string,
  report: Report,
): Turn[] {
  const upstream = `${provider}/${model}`
  return withoutUnsupported(toTurns(messages, { report, upstream, toolName }), {
    support: {
      images: quirks.images && takes.images !== false,
      imageUrls: quirks.media_urls,
      pdfs: quirks.pdfs && takes.pdfs !== false,
      pdfUrls: quirks.media_urls,
    },
    report,
    upstream,
    lastMessage: lastUserMessage(messages),
  })
}
