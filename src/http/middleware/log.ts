/**
 * One structured line a request: ids, sizes and timings, never a prompt, a key or a body. The only
 * file that may print.
 */
import type { Context } from 'hono'

import type { Usage } from '../../anthropic/answer/message.ts'
import type { Adaptation } from '../../anthropic/report.ts'
import type { AppEnv, Dependencies } from '../env.ts'

/** One attempt at a target. */
export interface Tried {
  /** `<provider>/<upstream model>` */
  target: string
  /** Why it gave nothing, as the client would have heard it: an error type. */
  failed?: string
  /** Until its answer's head, or its failure. */
  ms: number
}

/** What is known of a request; routes fill it in. */
export interface LogLine {
  keyId?: string
  session?: string
  /** As the client asked. */
  model?: string
  /** `<provider>/<upstream model>`: who answered, or was asked last. */
  target?: string
  provider?: string
  stream?: boolean
  attempts?: readonly Tried[]
  adaptations?: readonly Adaptation[]
  errorType?: string
  /** A bug of ours: its name and stack, for the operator. */
  bug?: string
  usage?: Usage
  /** Characters of content that the client got: what is known of an answer that was not completed. */
  toldCharacters?: number
  stopReason?: string
  /** By the catalogue's price. */
  costUsd?: number
  ending?: 'complete' | 'failed' | 'left'
  /** Why the key's ledger could not be asked. */
  ledger?: string
  /** Until the answer's headers were ready. */
  headersMs?: number
  /** Until the first content. */
  contentMs?: number
  /** Of the time to the headers, what was spent on waiting for upstreams. */
  upstreamMs?: number
  /** Resolves when an answer has ended and all the rest is known; the line waits for it. */
  ended?: Promise<void>
  /** It has. */
  isOver?: boolean
}

/** Probes that say nothing: Claude Code asks for these at every start. */
const quietPaths = new Set(['/', '/api/hello', '/health'])

/** What a client that left is told; it does not hear it. */
const clientLeft = 499

/** Sets `log`. What it returns writes the line when the answer is complete, streams included. */
export function beginLine(
  c: Context<AppEnv>,
  { now, writeLog }: Pick<Dependencies, 'now' | 'writeLog'>,
): () => void {
  const startedAt = now()
  const line: LogLine = {}
  c.set('log', line)
  const write = (): void => writeLog(toEntry(c, line, now() - startedAt))
  return () => {
    if (quietPaths.has(c.req.path)) {
      return
    }
    whenOver(c, write)
  }
}

/** Acts in the turn in which the answer ends; at once where it has, or was none of a model's. */
export function whenOver(c: Context<AppEnv>, act: () => void): void {
  const { ended, isOver } = c.get('log')
  if (ended === undefined || isOver === true) {
    act()
  } else {
    c.executionCtx.waitUntil(ended.then(act))
  }
}

/** The names of OpenTelemetry's GenAI conventions where there is one, our own for the rest. */
function toEntry(c: Context<AppEnv>, line: LogLine, ms: number): object {
  const { ended: _, isOver: _over, model, provider, usage, stopReason, errorType, ...rest } = line
  const status = line.ending === 'left' ? clientLeft : c.res.status
  return {
    level: status >= 500 || line.bug !== undefined ? 'error' : 'info',
    requestId: c.get('requestId'),
    method: c.req.method,
    path: c.req.path,
    status,
    'gen_ai.operation.name': provider === undefined ? undefined : 'chat',
    'gen_ai.request.model': model,
    'gen_ai.provider.name': provider,
    'gen_ai.response.finish_reasons': stopReason === undefined ? undefined : [stopReason],
    'gen_ai.usage.input_tokens': usage === undefined ? undefined : toInputTokens(usage),
    'gen_ai.usage.output_tokens': usage?.output_tokens,
    'gen_ai.usage.cache_read.input_tokens': usage?.cache_read_input_tokens,
    'gen_ai.usage.cache_creation.input_tokens': usage?.cache_creation_input_tokens,
    'error.type': errorType,
    ...rest,
    ms,
  }
}

/** The conventions count cached tokens as input. */
function toInputTokens(usage: Usage): number {
  const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens } = usage
  return input_tokens + cache_read_input_tokens + cache_creation_input_tokens
}

/** Prints a line as JSON, which Workers Logs takes apart by itself. */
export function printLine(line: object): void {
  console.log(JSON.stringify(line))
}
