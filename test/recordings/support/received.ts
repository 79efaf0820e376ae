/** What a client receives of an upstream's answer, through everything between the bytes and the message. */
import { foldMessage } from '../../../src/anthropic/answer/fold.ts'
import type { PartStage } from '../../../src/anthropic/answer/part-stage.ts'
import type { Message } from '../../../src/anthropic/answer/wire/message.ts'
import type { Failure } from '../../../src/anthropic/error.ts'
import type { BoundDialect } from '../../../src/dialects/dialect.ts'
import { decoderOf } from '../../support/loaded.ts'
import type { TranslationOptions } from '../../support/transcode.ts'
import { createTranslator, translateBody } from '../../support/transcode.ts'

export interface Received {
  failure: Failure | undefined
  message: Message | undefined
}

/** What the reading of an answer depends on in its request. */
export interface RequestFacts {
  toolNames?: ReadonlyMap<string, string>
  enforceStops?: readonly string[]
  createStage?: (() => PartStage) | undefined
}

export function receiveWhole(
  bytes: Uint8Array,
  dialect: BoundDialect,
  facts?: RequestFacts,
): Received {
  const { events, failure } = translateBody(bytes, options(dialect, facts))
  return { failure, message: failure === undefined ? foldMessage(events) : undefined }
}

/** The text on the wire, for a body that arrives in pieces of these lengths, over and over. */
export function receivePieces(
  bytes: Uint8Array,
  dialect: BoundDialect,
  lengths: readonly number[],
  facts?: RequestFacts,
): string {
  const translator = createTranslator(options(dialect, facts))
  let text = ''
  let start = 0
  for (let turn = 0; start < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? bytes.length
    text += translator.write(bytes.subarray(start, start + length))
    start += length
  }
  return text + translator.end()
}

function options(
  dialect: BoundDialect,
  { toolNames = new Map(), enforceStops = [], createStage }: RequestFacts = {},
): TranslationOptions {
  let ids = 0
  return {
    dialect,
    createDecoder: decoderOf(dialect.framing),
    provider: 'lab',
    context: { toolNames, newToolId: () => `toolu_${ids++}` },
    id: 'msg_0',
    model: 'claude-sonnet-4-6',
    requestId: 'req_0',
    estimatedInput: () => 100,
    enforceStops,
    firstStage: createStage?.(),
  }
}
