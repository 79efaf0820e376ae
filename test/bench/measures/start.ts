/** What a Worker costs before its first answer. */
import { openClient } from '../client.ts'
import { median } from '../compare.ts'
import type { Figure } from '../figures.ts'
import { limits } from '../figures.ts'
import { cpuMs } from '../runtime/process.ts'
import type { Worker } from '../runtime/workerd.ts'
import { startWorkerd } from '../runtime/workerd.ts'

/** CPU until the first answer, over an empty Worker with the same bindings. */
export async function measureColdStart(
  { empty, gateway }: Record<'empty' | 'gateway', Worker>,
  request: Buffer,
  rounds: number,
): Promise<Figure[]> {
  const ratios: number[] = []
  const differences: number[] = []
  const emptyMs: number[] = []
  for (let round = 0; round < rounds; round++) {
    const floor = await start(empty, request)
    const cost = await start(gateway, request)
    differences.push(cost - floor)
    ratios.push(cost / floor)
    emptyMs.push(floor)
  }
  const note = `an empty one takes ${median(emptyMs).toFixed(0)} ms`
  const name = 'cold start, CPU over an empty Worker'
  return [
    { name, unit: ' ms', value: median(differences), note },
    { name, unit: '×', limit: limits.coldStart, value: median(ratios), note },
  ]
}

/** CPU of the first request to a model of a dialect that the isolate has not used yet, over that of its second. */
export async function measureNewDialect(
  worker: Worker,
  { usual, other }: { usual: Buffer; other: Buffer },
  rounds: number,
): Promise<Figure> {
  const differences: number[] = []
  for (let round = 0; round < rounds; round++) {
    const workerd = await startWorkerd(worker)
    const client = await openClient(workerd.port)
    const cost = async (request: Buffer): Promise<number> => {
      const before = cpuMs(workerd.pid)
      const { readBody } = await client.send(request)
      const after = cpuMs(workerd.pid)
      readBody()
      return after - before
    }
    await cost(usual)
    await cost(usual)
    const first = await cost(other)
    differences.push(first - (await cost(other)))
    client.close()
    await workerd.stop()
  }
  const name = 'first request of another dialect, over its second'
  const note = 'Anthropic after chat completions'
  return { name, unit: ' ms', value: median(differences), note }
}

async function start(worker: Worker, request: Buffer): Promise<number> {
  const workerd = await startWorkerd(worker)
  const client = await openClient(workerd.port)
  const { readBody } = await client.send(request)
  const cost = cpuMs(workerd.pid)
  readBody()
  client.close()
  await workerd.stop()
  return cost
}
