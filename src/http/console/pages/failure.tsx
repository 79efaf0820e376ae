/** The page that is shown instead of one that cannot be. */
import type { Context } from 'hono'

import type { ErrorReply } from '../../../anthropic/error-reply.ts'
import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import { Document, respond } from '../parts/document.tsx'

const titles: Readonly<Record<number, string>> = {
  403: 'Not for this session',
  404: 'Not found',
}

/** Shows the sentence of a failure, with its status. */
export function showFailure(
  c: Context<ConsoleEnv>,
  { status, message }: ErrorReply,
): Response | Promise<Response> {
  const title = titles[status] ?? 'This did not work'
  const known = ([400, 403, 404, 412, 413, 429, 503] as const).find((each) => each === status)
  return respond(
    c,
    <Document title={title}>
      <main class="card narrow">
        <h1>{title}</h1>
        <p role="alert">{message}</p>
        <p>
          <a href={consolePath}>Home</a>
        </p>
      </main>
    </Document>,
    known ?? 500,
  )
}
