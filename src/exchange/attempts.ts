/**
 * The attempts of one call, over targets and secrets: which comes next, what each came to, and what is
 * remembered of it. What may be tried after what is src/routing's to say.
 */
import type { Failure } from '../anthropic/error.ts'
import { GatewayError, toErrorReply } from '../anthropic/error.ts'
import type { ClientConnection } from '../streaming/client-connection.ts'
import type { OpenNext, Source } from '../streaming/pump.ts'
import { attemptsHeader, toTargetName } from './answer-headers.ts'
import type { Attempt, Call } from './call.ts'
import { toAttempt } from './call.ts'
import type { Target } from './choose-upstream.ts'
import type { Plan, Step } from './policy/plan.ts'
import { createPlan } from './policy/plan.ts'
import { judge } from './policy/verdict.ts'

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
  headers: () => Record<string, string>
  /** The last failure in the upstream's own words. */
  raw: () => RawReply | undefined
  /** The answer that was begun ended well, or failed after it had content. */
  settle: (failure: Failure | undefined) => void
}

/** What a client gives us where it does not say: SDKs wait for ten minutes. */
const defaultPatienceMs = 600_000
/** How far apart those come back that failed together. */
const jitterMs = 250

interface State {
  call: Call
  prepare: Prepare
  plan: Plan<Target>
  /** Past it no attempt begins. */
  deadline: number
  current: Target | undefined
  headers: Record<string, string>
  raw: RawReply | undefined
  /** Why the first target could not be asked at all. */
  refusal: Failure | undefined
}

/** For one call. */
export function createAttempts(call: Call, prepare: Prepare): Attempts {
  const state: State = {
    call,
    prepare,
    plan: createPlan(call.targets),
    deadline: call.now() + toPatience(call.headers),
    current: undefined,
    headers: {},
    raw: undefined,
    refusal: undefined,
  }
  return {
    next: (failure) => next(state, failure),
    headers: () => ({ ...state.headers, ...attemptsHeader(call.exchange.record.attempts ?? []) }),
    raw: () => state.raw,
    settle(failure) {
      if (failure !== undefined) {
        remember(state, failure)
      } else if (state.current !== undefined) {
        call.cooldowns.succeed(state.current.health, call.now())
      }
    },
  }
}

async function next(state: State, failed: Failure | undefined): Promise<Source> {
  const { plan, call } = state
  let failure = failed
  state.headers = {}
  let step = failure === undefined ? plan.first() : after(state, failure)
  while (step !== undefined) {
    state.raw = undefined
    await pause(step.waitMs, call.client)
    const opening = call.client.disconnected ? { failure: left } : await open(state, step.target)
    if (opening === undefined) {
      step = plan.pass()
    } else if ('source' in opening) {
      state.headers = opening.headers
      return opening.source
    } else {
      ;({ failure } = opening)
      keepRaw(state, opening.raw, step.target)
      step = after(state, failure)
    }
  }
  return { failure: failure ?? state.refusal ?? { kind: 'internal' } }
}

function keepRaw(state: State, raw: RawReply | undefined, { name }: Target): void {
  state.raw = raw
  state.headers = raw === undefined ? {} : { 'gateway-model': toTargetName(name) }
}

/** Undefined where the attempt was none: this target cannot be asked that. */
async function open(state: State, target: Target): Promise<Opening | undefined> {
  const { call, prepare } = state
  const { exchange } = call
  const name = toTargetName(target.name)
  exchange.targeted(name, target.upstream.provider)
  let send: () => Promise<Opening>
  try {
    send = prepare(toAttempt(call, target))
  } catch (error) {
    state.refusal ??= toFailure(error)
    return undefined
  }
  state.current = target
  exchange.attemptStarted(name)
  const opening = await send().catch((error: unknown) => ({ failure: toFailure(error) }))
  exchange.attemptEnded()
  return opening
}

/** The plan's next step after a failure, and what is remembered of it. */
function after(state: State, failure: Failure): Step<Target> | undefined {
  const { call, plan, current, deadline } = state
  if (current === undefined || call.client.disconnected) {
    return undefined
  }
  call.exchange.attemptFailed(toErrorReply(failure).type)
  remember(state, failure)
  const step = plan.after(judge(failure))
  return step !== undefined && call.now() + (step.waitMs ?? 0) < deadline ? step : undefined
}

/** Whoever leaves says nothing of an upstream's health. */
function remember({ call: { cooldowns, client, now }, current }: State, failure: Failure): void {
  if (current !== undefined && !client.disconnected) {
    cooldowns.fail(current.health, judge(failure), now())
  }
}

const left: Failure = { kind: 'client_disconnected' }

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

/** Waits for at least `ms`; not at all where that is undefined, or where the client leaves. */
function pause(ms: number | undefined, client: ClientConnection): Promise<void> {
  if (ms === undefined || client.disconnected) {
    return Promise.resolve()
  }
  return new Promise((resolve) => {
    const stop = (): void => {
      clearTimeout(timer)
      unsubscribe()
      resolve()
    }
    const timer = setTimeout(stop, ms + Math.random() * jitterMs)
    const unsubscribe = client.onDisconnect(stop)
  })
}
