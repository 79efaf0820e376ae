/** Whether the time of an exchange grows faster than its length. */
import { Choices } from './choices.ts'
import type { Exchange, Result } from './world.ts'
import { makeExchange } from './world.ts'

export type Send = (exchange: Exchange) => Promise<Result>

export interface Verdict {
  /** How much longer four times the length takes: 4 where time is linear, 16 where it is quadratic. */
  growth: number
  /** CPU for a megabyte of what was sent and answered, at the largest size. */
  msPerMegabyte: number
  /** The largest size, its length in bytes, and its result. */
  size: number
  bytes: number
  result: Result
}

/** Less cannot be distinguished from what else the process does. */
const leastMs = 6
const mostBytes = 1_500_000
const mostSize = 65_536
/** Above the 4 of linear time, with room for what a busy machine and a garbage collector add. */
export const mostGrowth = 9

/** Runs a shape at the smallest size that can be measured, and at four times that. */
export async function judge(
  made: readonly number[],
  random: () => number,
  send: Send,
): Promise<Verdict> {
  // What a first run adds to the choices, the others must have too.
  const choices = new Choices(made, random)
  makeExchange(choices, 1)
  const at = (size: number): Exchange => makeExchange(new Choices(choices.made, random), size)
  let size = 64
  let small = at(size)
  let result = await send(small)
  while (result.bug === undefined && result.ms < leastMs && mayDouble(small, size)) {
    size *= 2
    small = at(size)
    result = await send(small)
  }
  const large = at(size * 4)
  const longer = lengthOf(large) / lengthOf(small)
  if (result.bug !== undefined || longer < 2) {
    return { ...toVerdict(small, size, result), growth: 1 }
  }
  const growthBy = (from: Result, to: Result): number =>
    ((to.ms / Math.max(from.ms, 0.5)) * 4) / longer
  result = await fastest(send, small, 2)
  let grown = await fastest(send, large, 1)
  if (growthBy(result, grown) > mostGrowth) {
    grown = await fastest(send, large, 3)
    result = await fastest(send, small, 3)
  }
  return { ...toVerdict(large, size * 4, grown), growth: growthBy(result, grown) }
}

function mayDouble(exchange: Exchange, size: number): boolean {
  return lengthOf(exchange) * 8 < mostBytes && size < mostSize
}

/** The least of several runs: a busy machine only adds time. */
async function fastest(send: Send, exchange: Exchange, runs: number): Promise<Result> {
  let best = await send(exchange)
  for (let run = 1; run < runs; run += 1) {
    globalThis.gc?.()
    const result = await send(exchange)
    best = result.ms < best.ms ? result : best
  }
  return best
}

function lengthOf({ body, answer }: Exchange): number {
  return answer.body.reduce((sum, { length }) => sum + length, body.length)
}

function toVerdict(exchange: Exchange, size: number, result: Result): Omit<Verdict, 'growth'> {
  const bytes = lengthOf(exchange)
  return { size, bytes, result, msPerMegabyte: (result.ms / bytes) * 1e6 }
}
