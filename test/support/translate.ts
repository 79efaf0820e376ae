/** Translating a client's body for a target, as the routes do it. */
import { createReport } from '../../src/anthropic/report.ts'
import type { Adaptation } from '../../src/anthropic/report.ts'
import { messagesRequest, parseRequest } from '../../src/anthropic/request.ts'
import { matchesAny } from '../../src/catalog/wildcard.ts'
import type { TargetModel, UpstreamRequest } from '../../src/dialects/dialect.ts'
import { openaiChat } from '../../src/dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../src/dialects/openai-chat/quirks.ts'
import { deepseek } from '../../src/providers/deepseek.ts'
import { ollama } from '../../src/providers/ollama.ts'
import { openai } from '../../src/providers/openai.ts'
import { openrouter } from '../../src/providers/openrouter.ts'
import type { Preset } from '../../src/providers/provider.ts'
import { vllm } from '../../src/providers/vllm.ts'

const presets: Record<string, Preset> = { deepseek, ollama, openai, openrouter, vllm }

/** Without a preset it is a server of which nothing is known, `lab/model-1`. */
export interface ChatTarget {
  preset?: string
  model?: string
  quirks?: Partial<ChatQuirks>
  limits?: TargetModel['limits']
  takes?: TargetModel['takes']
  sessionKey?: string
}

export interface Translation {
  upstream: UpstreamRequest
  adaptations: readonly Adaptation[]
}

export function translate(body: unknown, target: ChatTarget = {}): Translation {
  const { preset: name, model = 'model-1', quirks = {}, limits = {}, takes = {} } = target
  const preset = name === undefined ? undefined : presets[name]
  const ofModel = preset?.models?.filter(({ match }) => matchesAny([match], model)) ?? []
  const layers = [preset?.quirks ?? {}, ...ofModel.map((rule) => rule.quirks), quirks]
  // As the catalogue does: an unknown flag is a mistake.
  const checked = layers.map((layer) => openaiChat.quirksSchema.parse(layer))
  const report = createReport()
  const bound = openaiChat.bind({ provider: name ?? 'lab', model, limits, takes }, checked)
  const upstream = bound.toRequest(parseRequest(messagesRequest, body), {
    report,
    ...(target.sessionKey === undefined ? {} : { sessionKey: target.sessionKey }),
  })
  return { upstream, adaptations: report.adaptations }
}

/** The shortest request, with `fields` over it. */
export function ask(fields: object = {}): object {
  return {
    model: 'claude-sonnet-4-6',
    max_tokens: 1024,
    messages: [{ role: 'user', content: 'Hello' }],
    ...fields,
  }
}

/** The body that goes up for {@link ask}. */
export function bodyOf(fields: object, target: ChatTarget = {}): Record<string, unknown> {
  return { ...translate(ask(fields), target).upstream.body }
}

/** The reported adaptations, a line each. */
export function adaptationsOf(fields: object, target: ChatTarget = {}): string[] {
  return translate(ask(fields), target).adaptations.map(toLine)
}

/** `drop top_k`, `map max_tokens: max_tokens=10`. */
export function toLine({ action, field, value }: Adaptation): string {
  return value === undefined ? `${action} ${field}` : `${action} ${field}: ${value}`
}
