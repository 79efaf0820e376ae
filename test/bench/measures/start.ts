/** What a Worker costs before its first answer. */
import { openClient } from '../client.ts'
import { median } from '../compare.ts'
import type { Figure } from '../figures.ts'
import { limits } from '../figures.ts'
import { cpuMs } from '../runtime/process.ts'
import type { Worker } from '../runtime/workerd.ts'
import { startWorkerd } from '../runtime/workerd.ts'

/**
 * CPU until the first answer, over an empty Worker with the same bindings; and over `idle`, an empty one beside all
 * modules of the gateway, none of which it imports: workerd copies the text of each when it reads its configuration.
 */
export async function measureColdStart(
  { empty, idle, gateway }: Record<'empty' | 'idle' | 'gateway', Worker>,
  request: Buffer,
  rounds: number,
): Promise<Figure[]> {
  const starts: { empty: number; idle: number; gateway: number }[] = []
  for (let round = 0; round < rounds; round++) {
    starts.push({
      empty: await start(empty, request),
      idle: await start(idle, request),
      gateway: await start(gateway, request),
    })
  }
  const floor = median(starts.map((each) => each.empty))
  const beside = median(starts.map((each) => each.idle - each.empty))
  const note = `an empty one takes ${floor.toFixed(0)} ms, and ${beside.toFixed(0)} more beside the modules`
  const name = 'cold start, CPU over an empty Worker'
  const differences = starts.map((each) => each.gateway - each.empty)
  const ratios = starts.map((each) => each.gateway / each.empty)
  const ratiosBeside = starts.map((each) => each.gateway / each.idle)
  return [
    { name, unit: ' ms', value: median(differences), note },
    { name, unit: '×', limit: limits.coldStart, value: median(ratios), note },
    {
      name: `${name} beside the same modules`,
      unit: '×',
      limit: limits.coldStartBeside,
      value: median(ratiosBeside),
      note,
    },
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
