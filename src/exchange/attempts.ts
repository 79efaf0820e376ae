/**
 * The attempts of one exchange at targets with their secrets: which is next, how each ended, and
 * its effect on cooldowns. Which attempt may follow which failure is decided in policy/.
 */
import { sinksFor } from '../alerts/sink.ts'
import { toErrorReply } from '../anthropic/error-reply.ts'
import type { Failure } from '../anthropic/error.ts'
import { createReport } from '../anthropic/report.ts'
import { sendAlert } from '../ledger/client.ts'
import type { ClientConnection } from '../streaming/client-connection.ts'
import type { Source } from '../streaming/relay.ts'
import { toProviderAlert } from './alerts.ts'
import type { AnswerSource } from './answer-source.ts'
import { toRequestFailure } from './failure-response.ts'
import type { Step } from './policy/plan.ts'
import { AttemptPlan } from './policy/plan.ts'
import { judge } from './policy/verdict.ts'
import { attemptsHeader, toTargetName } from './protocols/gateway-headers.ts'
import { loadProtocol } from './protocols/load-protocol.ts'
import type { RawReply, UpstreamBody, UpstreamRefusal } from './protocols/protocol.ts'
import { RequestSender } from './protocols/request-sender.ts'
import type { ClientRequest } from './request/request.ts'
import type { Services } from './request/services.ts'
import type { AttemptTarget } from './request/targets.ts'

/**
 * The time that a client waits if it does not send it, in milliseconds: SDKs wait for ten minutes.
 */
const defaultPatienceMs = 600_000

/** The range in milliseconds over which retries of requests that failed together are spread. */
const jitterMs = 250

/** The attempts of one exchange, from the first target to the one whose answer is sent. */
export class Attempts implements AnswerSource {
  readonly #services: Services
  readonly #request: ClientRequest
  readonly #plan: AttemptPlan<AttemptTarget>
  /** When the client stops waiting, in epoch milliseconds: no attempt begins later. */
  readonly #deadline: number
  #current: AttemptTarget | undefined
  #sending: RequestSender | undefined
  #headers: Record<string, string> = {}
  #raw: RawReply | undefined
  /** Why no request could be sent to the first target. */
  #refusal: Failure | undefined

  /** `targets` are in order of preference. */
  constructor(services: Services, request: ClientRequest, targets: readonly AttemptTarget[]) {
    this.#services = services
    this.#request = request
    this.#plan = new AttemptPlan(targets)
    this.#deadline = services.now() + toPatience(request.headers)
  }

  /** The target of the last attempt. */
  get target(): AttemptTarget | undefined {
    return this.#current
  }

  /** The gateway's response headers for the target that answers, or that failed last. */
  get headers(): Record<string, string> {
    const { attempts = [] } = this.#request.exchange.record
    return { ...this.#headers, ...attemptsHeader(attempts) }
  }

  /** The last failure as received; undefined if it is not passed through. */
  get raw(): RawReply | undefined {
    return this.#raw
  }

  /**
   * Opens an upstream's body: the first, or another one after `failed`, of which the client got no
   * content.
   */
  async next(failed?: Failure): Promise<Source> {
    let opened =
      failed && ((await this.#sendRepaired(failed)) ?? { failure: failed, raw: undefined })
    let step = failed === undefined ? this.#plan.first() : undefined
    let failure: Failure | undefined
    for (;;) {
      if (opened !== undefined) {
        if ('source' in opened) {
          this.#request.exchange.bodyOpened()
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

  /** Releases the memory of the request and of the client's prompt, since no other attempt follows. */
  commit(): void {
    this.#sending = undefined
    this.#request.prompt.release()
  }

  /** The answer has ended after content: completely, or with a failure. */
  settle(failure: Failure | undefined): void {
    if (failure !== undefined) {
      this.#remember(failure)
    } else if (this.#current !== undefined) {
      this.#services.cooldowns.succeed(this.#current.health, this.#services.now())
    }
  }

  /**
   * Sends the request to a target; undefined if the target does not support it, which does not
   * count as an attempt.
   */
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
      this.#sending = new RequestSender(attempt, await loadProtocol(attempt), 'messages')
    } catch (error) {
      this.#refusal ??= toFailure(error)
      return undefined
    }
    this.#current = target
    return this.#send(this.#sending, name)
  }

  /**
   * Retries the request with a repair if the failure was an error in a body, before content, for
   * which there is a repair; otherwise undefined.
   */
  async #sendRepaired(failure: Failure): Promise<UpstreamBody | UpstreamRefusal | undefined> {
    const [sending, target] = [this.#sending, this.#current]
    if (sending === undefined || target === undefined || failure.kind !== 'upstream_error') {
      return undefined
    }
    const { status, message } = failure
    try {
      if (!(await sending.repair({ status, body: JSON.stringify({ error: { message } }) }))) {
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

  async #send(sending: RequestSender, target: string): Promise<UpstreamBody | UpstreamRefusal> {
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

  /** Records a failure, and returns the plan's next step. */
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

  /** Updates the target's health by a failure. A client that disconnected is no evidence of it. */
  #remember(failure: Failure): void {
    if (this.#current !== undefined && !this.#request.client.disconnected) {
      const { cooldowns, now } = this.#services
      const until = cooldowns.fail(this.#current.health, judge(failure), now())
      if (until !== undefined) {
        this.#alert(this.#current, failure, until)
      }
    }
  }

  /** Alerts operators of a target that is avoided until then. */
  #alert(target: AttemptTarget, failure: Failure, until: number): void {
    const { exchange, config, waitUntil } = this.#request
    const sinks = sinksFor(exchange.record.alerts?.sinks, 'provider')
    if (sinks.length > 0 && config.ledgers !== undefined) {
      const alert = toProviderAlert(target, failure, { now: this.#services.now(), until })
      waitUntil(sendAlert(config.ledgers, alert, sinks))
    }
  }
}

/** The failure of an error; a bug is rethrown. */
function toFailure(error: unknown): Failure {
  const failure = toRequestFailure(error)
  if (failure === undefined) {
    throw error
  }
  return failure
}

/** The time in milliseconds that the client waits, which Anthropic's SDKs send. */
function toPatience(headers: Headers): number {
  const seconds = Number(headers.get('x-stainless-timeout') ?? Number.NaN)
  return seconds > 0 ? Math.min(seconds * 1000, defaultPatienceMs) : defaultPatienceMs
}

/**
 * Waits for at least `ms` milliseconds; not if that is undefined, and no longer once the client
 * disconnects.
 */
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
