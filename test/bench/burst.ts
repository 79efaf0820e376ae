/** Many requests at once, and what they cost the Worker that answered them. */
import type { Exchange } from './client.ts'
import { openClient } from './client.ts'
import type { Conversation } from './conversation.ts'
import { cpuMs } from './runtime/process.ts'
import type { Target } from './target.ts'
import { textOf } from './upstream/answers.ts'
import type { Spec } from './upstream/spec.ts'

export interface Burst {
  spec: Spec
  stream: boolean
  /** A short question where it is absent. */
  conversation?: Conversation
  requests: number
  /** Connections that share them. */
  connections: number
  /** For {@link Exchange.firstMs}. */
  lookFor?: string
}

export interface Cost {
  /** All of the Worker's, for all requests. */
  cpuMs: number
  exchanges: Exchange[]
}

/** Throws unless every answer is whole and says what the upstream said. */
export async function runBurst(target: Target, burst: Burst): Promise<Cost> {
  const { pid, port } = target.workerd
  const request = target.toRequest(burst.spec, burst.stream, burst.conversation)
  const clients = await Promise.all(
    Array.from({ length: burst.connections }, () => openClient(port)),
  )
  const exchanges: Exchange[] = []
  let left = burst.requests
  const before = cpuMs(pid)
  await Promise.all(
    clients.map(async (client) => {
      while (left-- > 0) {
        exchanges.push(await client.send(request, burst.lookFor))
      }
    }),
  )
  const cost = { cpuMs: cpuMs(pid) - before, exchanges }
  clients.forEach((client) => client.close())
  check(target, burst, exchanges)
  return cost
}

function check(target: Target, { spec, stream }: Burst, exchanges: Exchange[]): void {
  const text = textOf(spec.chunks)
  const read = stream ? target.readStream : target.readReply
  if (exchanges.some(({ readBody }) => read(readBody()) !== text)) {
    throw new Error('an answer does not say what the upstream said')
  }
}
