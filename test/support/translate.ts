/** Translating a client's body for a target, as the routes do it. */
import type { PartStage } from '../../src/anthropic/answer/part-stage.ts'
import type { JsonObject } from '../../src/anthropic/json.ts'
import { asObject } from '../../src/anthropic/json.ts'
import { createReport } from '../../src/anthropic/report.ts'
import type { Adaptation, Report } from '../../src/anthropic/report.ts'
import { messagesRequest, parseRequest } from '../../src/anthropic/request/request.ts'
import { wellFormed } from '../../src/anthropic/request/well-formed.ts'
import { describeFault } from '../../src/catalog/check/fault.ts'
import { parseCatalog } from '../../src/catalog/parse.ts'
import type { ResolvedTarget } from '../../src/catalog/resolve/resolved-target.ts'
import { toResolvedTarget } from '../../src/catalog/resolve/resolved-target.ts'
import { asksForCitations } from '../../src/citations/asks-for-citations.ts'
import { toCitable } from '../../src/citations/index.ts'
import { asksForContext } from '../../src/context/asks-for-context.ts'
import { RequestContext } from '../../src/context/index.ts'
import type { BoundDialect, TargetModel, UpstreamRequest } from '../../src/dialects/dialect.ts'
import { dialects } from '../../src/dialects/index.ts'
import type { ChatQuirks } from '../../src/dialects/openai-chat/quirks.ts'
import { presets } from '../../src/providers/index.ts'
import { loaded } from './loaded.ts'

/** Without a preset it is a server of which nothing is known, `lab/model-1`. */
export interface RequestTarget {
  preset?: string
  /** The preset's own where it is not given. */
  dialect?: string
  model?: string
  quirks?: object
  limits?: TargetModel['limits']
  takes?: TargetModel['takes']
  sessionKey?: string
}

export interface ChatTarget extends RequestTarget {
  quirks?: Partial<ChatQuirks>
}

export interface Translation {
  dialect: BoundDialect
  upstream: UpstreamRequest
  adaptations: readonly Adaptation[]
  /** Reads citations of the answer, where the request asks for any. */
  createStage: (() => PartStage) | undefined
}

/** By chat completions, unless the target names another dialect. */
export function translate(body: unknown, target: RequestTarget = {}): Translation {
  const { sessionKey } = target
  const { dialect: loadable } = resolve(target)
  if (loadable.kind === 'pass-through') {
    throw new Error('nothing is translated for it')
  }
  const dialect = loaded(loadable)
  const report = createReport()
  const json = inContext(asObject(wellFormed(body)) ?? {}, report)
  const asked = parseRequest(messagesRequest, json)
  const citable = asksForCitations(json)
    ? toCitable(asked, json, { report, pdfs: new Map() })
    : undefined
  const upstream = dialect.toRequest(citable?.request ?? asked, {
    report,
    ...(sessionKey === undefined ? {} : { sessionKey }),
  })
  const createStage = citable?.createStage
  return { dialect, upstream, adaptations: report.adaptations, createStage }
}

function inContext(sent: JsonObject, report: Report): JsonObject {
  if (!asksForContext(sent)) {
    return sent
  }
  const context = new RequestContext(sent)
  const json = context.apply(sent, 'model-1')
  context.report(report)
  return json
}

/** Through a catalog of one entry, where an unknown flag is a mistake. */
function resolve(target: RequestTarget): ResolvedTarget {
  const { preset, dialect = 'openai-chat', model = 'model-1', quirks = {} } = target
  const name = preset ?? 'lab'
  const provider = { dialect, base_url: 'http://lab.invalid', ...(preset && { preset }) }
  const registries = { presets, dialects }
  const parsed = parseCatalog(
    {
      version: 1,
      providers: { [name]: provider },
      models: [{ id: 'm', ...describeModel(target), targets: [{ provider: name, model, quirks }] }],
    },
    registries,
  )
  if ('faults' in parsed) {
    throw new Error(parsed.faults.map(describeFault).join('; '))
  }
  const [entry] = parsed.catalog.models
  return toResolvedTarget(parsed.catalog, registries, entry!, entry!.targets[0]!)
}

function describeModel({ limits = {}, takes = {} }: RequestTarget): object {
  return {
    max_input_tokens: limits.maxInputTokens,
    max_tokens: limits.maxOutputTokens,
    capabilities: {
      image_input: takes.images,
      pdf_input: takes.pdfs,
      thinking: takes.thinking,
      structured_outputs: takes.structuredOutputs,
    },
  }
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
export function bodyOf(fields: object, target: RequestTarget = {}): Record<string, unknown> {
  return { ...translate(ask(fields), target).upstream.body }
}

/** The reported adaptations, a line each. */
export function adaptationsOf(fields: object, target: RequestTarget = {}): string[] {
  return translate(ask(fields), target).adaptations.map(toLine)
}

/** `drop top_k`, `map max_tokens: max_tokens=10`. */
export function toLine({ action, field, value }: Adaptation): string {
  return value === undefined ? `${action} ${field}` : `${action} ${field}: ${value}`
}
