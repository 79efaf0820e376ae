import type { Delivered } from '../../../src/anthropic/answer/answer-status.ts'
import { nothingDelivered } from '../../../src/anthropic/answer/answer-status.ts'
import type {
  Admission,
  ExchangeRecord,
  TargetRecord,
} from '../../../src/exchange/record/exchange-record.ts'

/** A record of an exchange that has been admitted and has asked one target; `more` is laid over it. */
export function recordOf(more: Partial<ExchangeRecord> = {}): ExchangeRecord {
  return {
    id: 'req_1',
    purpose: undefined,
    upstreamId: undefined,
    startedAt: 1_000,
    clientTrace: undefined,
    trace: undefined,
    parameters: undefined,
    key: { id: 'k', lastFour: 'wxyz', group: undefined },
    requestedModel: 'm',
    stream: true,
    admission: admissionOf(),
    alerts: undefined,
    ledgerUnavailable: undefined,
    target: targetOf(),
    earlierBodies: [],
    serverTools: undefined,
    toolRuns: [],
    attempts: [{ target: 'p/x', failed: undefined, startedAt: 1_003, ms: 5 }],
    adaptations: [],
    failure: undefined,
    bug: undefined,
    headersMs: 8,
    contentMs: 9,
    upstreamMs: 5,
    outcome: undefined,
    ...more,
  }
}

/** The target `p/x`, at the price of {@link admissionOf}; `more` is laid over it. */
export function targetOf(more: Partial<TargetRecord> = {}): TargetRecord {
  return {
    name: 'p/x',
    provider: 'p',
    price: { input: 1, output: 10 },
    genAiProvider: 'p',
    baseUrl: 'https://p.test/v1',
    dialect: 'openai-chat',
    marks: { geo: undefined, speed: undefined, serviceTier: undefined },
    ...more,
  }
}

/** An admission to a model that costs 1 dollar for a million tokens in, 10 for a million out. */
export function admissionOf(more: Partial<Admission> = {}): Admission {
  return {
    kind: 'messages',
    model: 'm',
    price: { input: 1, output: 10 },
    maxTokens: 4096,
    estimateInput: () => 100,
    decision: undefined,
    session: undefined,
    agent: undefined,
    conversation: undefined,
    cachedShare: 0,
    terms: {},
    priceOf: () => undefined,
    ...more,
  }
}

export const usage = { input: 10, output: 5, cacheRead: 3, cacheWrite: 2, thinking: 1 }

/** Nothing delivered; `more` is laid over it. */
export function deliveredOf(more: Partial<Delivered> = {}): Delivered {
  return { ...nothingDelivered, ...more }
}
