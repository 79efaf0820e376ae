/** V8's inspector of a running Worker: https://chromedevtools.github.io/devtools-protocol/v8/. */
import { once } from 'node:events'

import type { Workerd } from './workerd.ts'

export interface Inspector {
  call: (method: string, params?: object) => Promise<unknown>
  close: () => void
}

/** The Worker must have been started with its inspector on. */
export async function openInspector({ inspectorPort }: Workerd): Promise<Inspector> {
  const listed = await fetch(`http://127.0.0.1:${inspectorPort}/json`)
  const isolates = await listed.json<{ title: string; webSocketDebuggerUrl: string }[]>()
  const main = isolates.find(({ title }) => title.endsWith('main'))
  const socket = new WebSocket(main?.webSocketDebuggerUrl ?? '')
  await once(socket, 'open')
  const waiting = new Map<number, (result: unknown) => void>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result: unknown }
    waiting.get(id ?? 0)?.(result)
    waiting.delete(id ?? 0)
  })
  let id = 0
  return {
    call(method, params = {}) {
      const { promise, resolve } = Promise.withResolvers<unknown>()
      id += 1
      waiting.set(id, resolve)
      socket.send(JSON.stringify({ id, method, params }))
      return promise
    },
    close: () => socket.close(),
  }
}
