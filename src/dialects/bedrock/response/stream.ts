import type { Part } from '../../../anthropic/answer/part.ts'
/**
 * A stream of `ConverseStream`, event by event.
 *
 *   before ──first event: start──▶ reading ──messageStop──▶ finished ──metadata, end: stop──▶ after
 *                                                     failure: from anywhere ──▶ after
 *
 * Usage comes after the stop reason. A stream that ends before that reason was cut.
 */
import type { Failure } from '../../../anthropic/error.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asObject, isObject, parseJson } from '../../../anthropic/json.ts'
import type { ReadContext, StreamReader, TargetModel, UpstreamEvent } from '../../dialect.ts'
import type { Blocks } from './blocks.ts'
import { createBlocks, endBlock, readDelta, startBlock } from './blocks.ts'
import { toExceptionFailure, toUnusableFailure } from './error.ts'
import type { Finish } from './stop-reason.ts'
import { readFinish } from './stop-reason.ts'
import { toTokenUsage } from './usage.ts'

type Phase =
  | { name: 'before' | 'reading' | 'after' }
  /** What ended the answer; its usage is to come. */
  | { name: 'finished'; finish: Finish }

interface Reading {
  target: TargetModel
  blocks: Blocks
  phase: Phase
}

/** A reader for one stream. */
export function createReader(target: TargetModel, context: ReadContext): StreamReader {
  const reading: Reading = {
    target,
    blocks: createBlocks(target, context),
    phase: { name: 'before' },
  }
  return {
    read(event, parts) {
      if (reading.phase.name !== 'after') {
        readEvent(reading, event, parts)
      }
    },
    end(parts) {
      if (reading.phase.name !== 'after') {
        endReading(reading, undefined, parts)
      }
    },
  }
}

/** How an answer ends. */
export function toEnd(finish: Finish, usage: unknown, { provider }: TargetModel): Part {
  if ('failure' in finish) {
    return { type: 'failure', failure: toUnusableFailure(finish.failure, provider) }
  }
  const counted = toTokenUsage(usage)
  return { type: 'stop', ...finish, ...(counted === undefined ? {} : { usage: counted }) }
}

function readEvent(reading: Reading, { event, data }: UpstreamEvent, parts: Part[]): void {
  const { target } = reading
  if (event === 'error') {
    fail(reading, toExceptionFailure(data, target), parts)
    return
  }
  const said = parseJson(data)
  if (!isObject(said)) {
    const { provider } = target
    const detail = `an event of ${data.length} characters that is no object`
    fail(reading, { kind: 'upstream_invalid_response', provider, detail }, parts)
    return
  }
  if (reading.phase.name === 'before') {
    reading.phase = { name: 'reading' }
    parts.push({ type: 'start' })
  }
  readSaid(reading, event, said, parts)
}

function readSaid(
  reading: Reading,
  event: string | undefined,
  said: JsonObject,
  parts: Part[],
): void {
  const { blocks } = reading
  switch (event) {
    case 'contentBlockStart':
      startBlock(blocks, said['start'], parts)
      break
    case 'contentBlockDelta':
      readDelta(blocks, asObject(said['delta']) ?? {}, parts)
      break
    case 'contentBlockStop':
      endBlock(blocks, parts)
      break
    case 'messageStop': {
      const finish = readFinish(said['stopReason'], said['additionalModelResponseFields'])
      reading.phase = finish === undefined ? reading.phase : { name: 'finished', finish }
      break
    }
    case 'metadata':
      endReading(reading, said['usage'], parts)
      break
    default:
    // `messageStart` names a role, and what is new is no content.
  }
}

function endReading(reading: Reading, usage: unknown, parts: Part[]): void {
  const { phase, target, blocks } = reading
  if (phase.name !== 'finished') {
    fail(reading, { kind: 'upstream_truncated', provider: target.provider }, parts)
    return
  }
  endBlock(blocks, parts)
  reading.phase = { name: 'after' }
  parts.push(toEnd(phase.finish, usage, target))
}

function fail(reading: Reading, failure: Failure, parts: Part[]): void {
  reading.phase = { name: 'after' }
  parts.push({ type: 'failure', failure })
}
