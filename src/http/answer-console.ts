/** `/console`: the pages for operators and members. */
import type { Handler } from 'hono'

import type { ConsoleTools } from './console/console-tools.ts'
import type { AppEnv } from './env.ts'
import { lazyApp } from './routes/lazy-app.ts'

/** Answers requests to the console. */
export function answerConsole(tools: ConsoleTools): Handler<AppEnv> {
  return lazyApp(async () => {
    const { createConsole } = await import('./console/index.tsx')
    return (app) => {
      app.route('/', createConsole(tools))
    }
  })
}
