/** `/console`: the pages for operators and members. */
import type { Handler } from 'hono'

import type { ConsoleTools } from './console/console-tools.ts'
import type { AppEnv } from './env.ts'
import { lazyApp } from './routes/lazy-app.ts'

/** Answers requests to the console. */
export function answerConsole(tools: ConsoleTools): Handler<AppEnv> {
  const pages = lazyApp(async () => {
    const { createConsole } = await import('./console/index.tsx')
    return (app) => {
      app.route('/', createConsole(tools))
    }
  })
  return async function toConsole(c, next) {
    // What the playground asks is charged and logged by the frame around this app.
    tools.configure(c)
    return pages(c, next)
  }
}
