/**
 * One structured line a request: ids, sizes and timings, never a prompt, a key or a body. The only
 * file that may print.
 */
import type { MiddlewareHandler } from 'hono'

import type { Adaptation } from '../anthropic/report.ts'
import type { AppEnv, Dependencies } from '../app-env.ts'

/** What is known of a request; routes fill it in. */
export interface LogLine {
  keyId?: string
  session?: string
  /** As the client asked. */
  model?: string
  /** `<provider>/<upstream model>` */
  target?: string
  stream?: boolean
  adaptations?: readonly Adaptation[]
  errorType?: string
  /** A bug of ours: its name and stack, for the operator. */
  bug?: string
  usage?: object
  ending?: string
  /** Resolves when a stream has ended; the line waits for it. */
  ended?: Promise<void>
}

/** Probes that say nothing: Claude Code asks for these at every start. */
const quietPaths = new Set(['/', '/api/hello', '/health'])

/** Writes the line when the answer is complete, streams included. */
export function log({ now, writeLog }: Dependencies): MiddlewareHandler<AppEnv> {
  return async function logRequest(c, next) {
    const startedAt = now()
    const line: LogLine = {}
    c.set('log', line)
    await next()
    if (quietPaths.has(c.req.path)) {
      return
    }
    const { status } = c.res
    const write = (): void => {
      const { ended: _, ...known } = line
      writeLog({
        level: status >= 500 || line.bug !== undefined ? 'error' : 'info',
        requestId: c.get('requestId'),
        method: c.req.method,
        path: c.req.path,
        status,
        ...known,
        ms: now() - startedAt,
      })
    }
    if (line.ended === undefined) {
      write()
    } else {
      c.executionCtx.waitUntil(line.ended.then(write))
    }
  }
}

/** Prints a line as JSON, which Workers Logs takes apart by itself. */
export function printLine(line: object): void {
  console.log(JSON.stringify(line))
}
