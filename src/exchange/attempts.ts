/**
 * The attempts of one exchange, over targets and secrets: which comes next, how each ended, and what is
 * remembered of it. What may follow which failure is for policy/ to decide.
 */
import type { Failure } from '../anthropic/error.ts'
import { toErrorReply } from '../anthropic/error.ts'
import { createReport } from '../anthropic/report.ts'
import type { ClientConnection } from '../streaming/client-connection.ts'
import type { Source } from '../streaming/relay.ts'
import { toRequestFailure } from './failure-response.ts'
import type { Step } from './policy/plan.ts'
import { AttemptPlan } from './policy/plan.ts'
import { judge } from './policy/verdict.ts'
import { attemptsHeader, toTargetName } from './protocols/gateway-headers.ts'
import type { RawReply, UpstreamBody, UpstreamRefusal } from './protocols/protocol.ts'
import { Sending } from './protocols/sending.ts'
import type { ClientRequest } from './request/request.ts'
import type { Services } from './request/services.ts'
import type { AttemptTarget } from './request/targets.ts'

/** How long a client waits where it does not say: SDKs wait for ten minutes. */
const defaultPatienceMs = 600_000
/** How far apart requests are retried that failed together. */
const jitterMs = 250

export class Attempts {
  readonly #services: Services
  readonly #request: ClientRequest
  readonly #plan: AttemptPlan<AttemptTarget>
  /** When the client stops waiting: no attempt begins later. */
  readonly #deadline: number
  #current: AttemptTarget | undefined
  #sending: Sending | undefined
  #headers: Record<string, string> = {}
  #raw: RawReply | undefined
  /** Why the first target could not be asked at all. */
  #refusal: Failure | undefined

  /** `targets`: the best first. */
  constructor(services: Services, request: ClientRequest, targets: readonly AttemptTarget[]) {
    this.#services = services
    this.#request = request
    this.#plan = new AttemptPlan(targets)
    this.#deadline = services.now() + toPatience(request.headers)
  }

  /** Headers of the response as it stands: of the target that answers, or that failed last. */
  get headers(): Record<string, string> {
    const { attempts = [] } = this.#request.exchange.record
    return { ...this.#headers, ...attemptsHeader(attempts) }
  }

  /** The last failure as its upstream sent it; undefined where it is not passed on. */
  get raw(): RawReply | undefined {
    return this.#raw
  }

  /** An upstream's body: the first one, or another after `failed`, of which the client got no content. */
  async next(failed?: Failure): Promise<Source> {
    let opened =
      failed && ((await this.#sendRepaired(failed)) ?? { failure: failed, raw: undefined })
    let step = failed === undefined ? this.#plan.first() : undefined
    let failure: Failure | undefined
    for (;;) {
      if (opened !== undefined) {
        if ('source' in opened) {
          this.#headers = opened.headers
          return opened.source
        }
        failure = opened.failure
        this.#keepRaw(opened.raw)
        step = this.#after(failure)
      }
      if (step === undefined) {
        return { failure: failure ?? this.#refusal ?? { kind: 'internal' } }
      }
      await pause(step.waitMs, this.#request.client)
      opened = await this.#open(step.target)
      step = opened === undefined ? this.#plan.skip() : undefined
    }
  }

  /** No other attempt follows: releases the request that was sent. */
  commit(): void {
    this.#sending = undefined
  }

  /** The answer has ended after content: completely, or with a failure. */
  settle(failure: Failure | undefined): void {
    if (failure !== undefined) {
      this.#remember(failure)
    } else if (this.#current !== undefined) {
      this.#services.cooldowns.succeed(this.#current.health, this.#services.now())
    }
  }

  /** Undefined where this target cannot be asked that, so that it counts as no attempt. */
  async #open(target: AttemptTarget): Promise<UpstreamBody | UpstreamRefusal | undefined> {
    const { exchange, client } = this.#request
    if (client.disconnected) {
      return { failure: { kind: 'client_disconnected' }, raw: undefined }
    }
    const name = toTargetName(target.name)
    exchange.targeted(name, target)
    const attempt = {
      services: this.#services,
      request: this.#request,
      target,
      report: createReport(),
    }
    try {
      this.#sending = new Sending(attempt, 'messages')
    } catch (error) {
      this.#refusal ??= toFailure(error)
      return undefined
    }
    this.#current = target
    return this.#send(this.#sending, name)
  }

  /**
   * Sends the request once more, where the failure was an error in a body, before content, that a repair
   * can answer. Undefined where it was not.
   */
  async #sendRepaired(failure: Failure): Promise<UpstreamBody | UpstreamRefusal | undefined> {
    const [sending, target] = [this.#sending, this.#current]
    if (sending === undefined || target === undefined || failure.kind !== 'upstream_error') {
      return undefined
    }
    const { status, message } = failure
    try {
      if (!sending.repair({ status, body: JSON.stringify({ error: { message } }) })) {
        return undefined
      }
    } catch (error) {
      return { failure: toFailure(error), raw: undefined }
    }
    this.#request.exchange.attemptFailed(toErrorReply(failure).type)
    return this.#send(sending, toTargetName(target.name))
  }

  #keepRaw(raw: RawReply | undefined): void {
    this.#raw = raw
    this.#headers =
      raw && this.#current ? { 'gateway-model': toTargetName(this.#current.name) } : {}
  }

  async #send(sending: Sending, target: string): Promise<UpstreamBody | UpstreamRefusal> {
    const { exchange } = this.#request
    exchange.attemptStarted(target)
    try {
      return await sending.send()
    } catch (error) {
      return { failure: toFailure(error), raw: undefined }
    } finally {
      exchange.attemptEnded()
    }
  }

  /** The plan's next step after a failure, which is remembered. */
  #after(failure: Failure): Step<AttemptTarget> | undefined {
    const { exchange, client } = this.#request
    if (this.#current === undefined || client.disconnected) {
      return undefined
    }
    exchange.attemptFailed(toErrorReply(failure).type)
    this.#remember(failure)
    const step = this.#plan.after(judge(failure))
    return step !== undefined && this.#services.now() + (step.waitMs ?? 0) < this.#deadline
      ? step
      : undefined
  }

  /** A client that disconnected shows nothing of an upstream's health. */
  #remember(failure: Failure): void {
    if (this.#current !== undefined && !this.#request.client.disconnected) {
      const { cooldowns, now } = this.#services
      cooldowns.fail(this.#current.health, judge(failure), now())
    }
  }
}

/** A bug is thrown on to be reported. */
function toFailure(error: unknown): Failure {
  const failure = toRequestFailure(error)
  if (failure === undefined) {
    throw error
  }
  return failure
}

/** Anthropic's SDKs send how long they wait. */
function toPatience(headers: Headers): number {
  const seconds = Number(headers.get('x-stainless-timeout') ?? Number.NaN)
  return seconds > 0 ? Math.min(seconds * 1000, defaultPatienceMs) : defaultPatienceMs
}

/** Waits for at least `ms`; not at all where that is undefined, or once the client disconnects. */
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
