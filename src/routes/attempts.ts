/**
 * The attempts of one call, over targets and secrets: which comes next, what each came to, and what is
 * remembered of it. What may be tried after what is src/routing's to say.
 */
import type { Failure } from '../anthropic/error.ts'
import { GatewayError, toErrorReply } from '../anthropic/error.ts'
import type { Tried } from '../middleware/log.ts'
import type { Step } from '../routing/plan.ts'
import { createPlan } from '../routing/plan.ts'
import { judge } from '../routing/verdict.ts'
import type { OpenNext, Source } from '../upstream/pump.ts'
import { attemptsHeader, toTargetName } from './answer-headers.ts'
import type { Attempt, Call } from './call.ts'
import { toAttempt } from './call.ts'
import type { Target } from './choose-upstream.ts'

/** An answer with an error status that is to be passed on as it came. */
export interface RawReply {
  status: number
  headers: Record<string, string>
  body: string
}

/** An upstream that was asked: what it answers, and what the gateway says beside it. */
export type Opening =
  | { source: Exclude<Source, { failure: Failure }>; headers: Record<string, string> }
  | { failure: Failure; raw?: RawReply }

/** A request that is ready to be sent, or that this target cannot take: then it throws a GatewayError. */
export type Prepare = (attempt: Attempt) => () => Promise<Opening>

export interface Attempts {
  next: OpenNext
  /** Of the answer as it stands: of whoever answers it, and of whoever failed to. */
  readonly headers: Record<string, string>
  /** The last failure in the upstream's own words. */
  readonly raw: RawReply | undefined
  /** The answer that was begun ended so. */
  settle: (failure: Failure | undefined) => void
}

/** What a client gives us where it does not say: SDKs wait for ten minutes. */
const defaultPatienceMs = 600_000

/** For one call. */
export function createAttempts(call: Call, prepare: Prepare): Attempts {
  const { now, cooldowns, signal, log } = call
  const plan = createPlan(call.targets)
  const deadline = now() + toPatience(call.headers)
  const tried: Tried[] = []
  log.attempts = tried
  let current: Target | undefined
  let headers: Record<string, string> = {}
  let raw: RawReply | undefined
  let refusal: Failure | undefined

  /** Undefined where the attempt was none: this target cannot be asked that. */
  async function open(target: Target): Promise<Opening | undefined> {
    raw = undefined
    headers = {}
    log.target = toTargetName(target.name)
    log.provider = target.upstream.provider
    const startedAt = now()
    let send: () => Promise<Opening>
    try {
      send = prepare(toAttempt(call, target))
    } catch (error) {
      refusal ??= toFailure(error)
      return undefined
    }
    current = target
    const entry: Tried = { target: toTargetName(target.name), ms: 0 }
    tried.push(entry)
    const opening = await send().catch((error: unknown) => ({ failure: toFailure(error) }))
    entry.ms = now() - startedAt
    log.upstreamMs = (log.upstreamMs ?? 0) + entry.ms
    return opening
  }

  /** The plan's next step after a failure, and what is remembered of it. */
  function after(failure: Failure): Step<Target> | undefined {
    const verdict = judge(failure)
    const last = tried.at(-1)
    if (last !== undefined) {
      last.failed = toErrorReply(failure).type
    }
    remember(failure)
    const step = signal.aborted ? undefined : plan.after(verdict)
    return step !== undefined && now() + step.waitMs < deadline ? step : undefined
  }

  function remember(failure: Failure): void {
    if (current === undefined || signal.aborted) {
      // Whoever leaves says nothing of an upstream's health.
      return
    }
    const { health, restMs = 0 } = judge(failure)
    if (health === 'rests') {
      cooldowns.rest(current.health, restMs, now())
    } else if (health === 'strike') {
      cooldowns.strike(current.health, now())
    }
  }

  async function next(failed?: Failure): Promise<Source> {
    let failure = failed
    headers = {}
    let step = failure === undefined ? plan.first() : after(failure)
    while (step !== undefined) {
      await pause(step.waitMs, signal)
      const opening = signal.aborted ? { failure: left } : await open(step.target)
      if (opening === undefined) {
        step = plan.pass()
      } else if ('source' in opening) {
        ;({ headers } = opening)
        return opening.source
      } else {
        ;({ failure, raw } = { raw: undefined, ...opening })
        headers = raw === undefined ? {} : { 'gateway-model': toTargetName(step.target.name) }
        step = after(failure)
      }
    }
    return { failure: failure ?? refusal ?? { kind: 'internal' } }
  }

  return {
    next,
    get headers() {
      return { ...headers, ...attemptsHeader(tried) }
    },
    get raw() {
      return raw
    },
    settle(failure) {
      if (failure !== undefined) {
        remember(failure)
      } else if (current !== undefined) {
        cooldowns.succeed(current.health, now())
      }
    },
  }
}

const left: Failure = { kind: 'client_left' }

/** What is no failure that we know is a bug: it goes on to whoever reports those. */
function toFailure(error: unknown): Failure {
  if (error instanceof GatewayError) {
    return error.failure
  }
  throw error
}

/** SDKs of Anthropic say for how long they wait. */
function toPatience(headers: Headers): number {
  const seconds = Number(headers.get('x-stainless-timeout') ?? Number.NaN)
  return seconds > 0 ? Math.min(seconds * 1000, defaultPatienceMs) : defaultPatienceMs
}

/** Waits for at least `ms`, and up to a quarter more so that not all come back at once. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0 || signal.aborted) {
    return Promise.resolve()
  }
  return new Promise((resolve) => {
    const stop = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      resolve()
    }
    const timer = setTimeout(stop, ms * (1 + Math.random() / 4))
    signal.addEventListener('abort', stop, { once: true })
  })
}
